using BenchmarkDotNet.Running;
using HealthGrains.Benchmarks.Detector;

// A verb runs an experiment that prints a table; anything else goes to the micro-benchmarks (--list flat, --filter '*').
var verbs = new Dictionary<string, Func<string[], int>>
{
    ["detector"] = DetectorVerb.Run,
    ["turns"] = HealthGrains.Benchmarks.Turns.TurnsVerb.Run,
    ["risk"] = HealthGrains.Benchmarks.Risk.RiskVerb.Run,
    ["book"] = HealthGrains.Benchmarks.Risk.BookVerb.Run,
    ["year"] = HealthGrains.Benchmarks.Year.YearVerb.Run,
    ["oracle"] = HealthGrains.Benchmarks.Oracle.OracleVerb.Run,
    ["plays"] = HealthGrains.Benchmarks.Plays.PlaysVerb.Run,
};
if (args.Length > 0 && verbs.TryGetValue(args[0], out var verb))
    return verb(args[1..]);
BenchmarkSwitcher.FromAssembly(typeof(DetectorVerb).Assembly).Run(args);
return 0;
