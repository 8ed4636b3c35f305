using System.CommandLine;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli;

internal static class BenchVerb
{
    public static Command Build(Terminal terminal) => new("bench");
}
