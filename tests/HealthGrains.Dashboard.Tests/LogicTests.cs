using System.Diagnostics;

namespace HealthGrains.Dashboard.Tests;

/// <summary>What the pages work out by themselves is tested in their own language.</summary>
[NeedsBrowser]
public sealed class LogicTests
{
    [Fact]
    public async Task The_pages_own_tests_pass()
    {
        using var npm = Process.Start(new ProcessStartInfo("npm", ["test", "--silent"])
        {
            WorkingDirectory = Path.Combine(Root(), "src", "dashboard"), RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, error) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
        await npm.WaitForExitAsync();

        Assert.True(npm.ExitCode == 0, $"{await output}\n{await error}");
        Assert.Contains("# fail 0", await output, StringComparison.Ordinal);
        Assert.DoesNotContain("# pass 0", await output, StringComparison.Ordinal);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "HealthGrains.sln"))) return folder.FullName;
        throw new InvalidOperationException("the tests do not lie in the source tree");
    }
}
