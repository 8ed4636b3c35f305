namespace HealthGrains.Silo.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task A_silo_that_is_told_nothing_says_what_it_needs()
    {
        var (code, _, error) = await RunAsync([]);
        Assert.Equal(CommandLine.Usage, code);
        Assert.Contains("--local", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--accounts 0", "--accounts is 0; it must be between 1 and 10000")]
    [InlineData("--days 400", "--days is 400; it must be between 1 and 365")]
    [InlineData("--speed -1", "--speed is -1; it must be between 0 and 100")]
    [InlineData("--colour red", "--colour")]
    public async Task An_option_out_of_range_is_refused_by_name(string args, string words)
    {
        var (code, _, error) = await RunAsync(["--local", .. args.Split(' ')]);
        Assert.Equal(CommandLine.Usage, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_others_can_reach_is_refused_without_credentials()
    {
        var (code, _, error) = await RunAsync(["--local", "--urls", "http://0.0.0.0:5080"]);
        Assert.Equal(CommandLine.Usage, code);
        Assert.Contains("no credentials", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_teaches_by_example()
    {
        var (code, output, _) = await RunAsync(["--help"]);
        Assert.Equal(CommandLine.Done, code);
        Assert.Contains("healthgrains-silo --local --demo", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_a_node_that_is_not_there_fails_and_says_so()
    {
        var (code, _, error) = await RunAsync(["health", "http://127.0.0.1:1/health/ready"]);
        Assert.Equal(CommandLine.Failed, code);
        Assert.Contains("http://127.0.0.1:1/health/ready does not answer", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/hosts")]
    [InlineData("ready")]
    public async Task What_is_no_address_is_not_asked(string url) =>
        Assert.Equal(CommandLine.Usage, (await RunAsync(["health", url])).Code);

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.RunAsync(args, output, error), output.ToString(), error.ToString());
    }
}
