using System.CommandLine;
using HealthGrains.Cli.Output;

namespace HealthGrains.Cli;

internal static class ServeVerb
{
    public static Command Build(Terminal terminal) => new("serve");
}
