using HealthGrains.Cli;
using HealthGrains.Cli.Output;

return await CommandLine.RunAsync(args, Terminal.Standard());
