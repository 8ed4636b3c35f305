using System.CommandLine;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli;

internal static class DemoVerb
{
    public static Command Build(Terminal terminal) => new("demo");
}
