namespace HealthGrains.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("replay")]
    [InlineData("fly")]
    [InlineData("replay", "x.ndjson", "--nonsense")]
    [InlineData("demo", "--accounts", "many")]
    [InlineData("demo", "--accounts", "0")]
    [InlineData("demo", "--speed", "-1")]
    [InlineData("simulate")]
    [InlineData("simulate", "--out", "x", "--dirt", "2")]
    [InlineData("replay", "x.ndjson", "--out", "x.txt")]
    [InlineData("serve", "--urls", "http://0.0.0.0:5080")]
    [InlineData("serve", "--urls", "nonsense")]
    public async Task What_is_asked_for_wrongly_is_answered_in_one_line_with_exit_code_2(params string[] args)
    {
        using var cli = new Cli();
        Assert.Equal(2, await cli.RunAsync(args));
        Assert.Equal("", cli.Out);
        Assert.StartsWith("healthgrains: ", cli.Error, StringComparison.Ordinal);
        Assert.Equal(1, cli.Error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("demo")]
    [InlineData("serve")]
    [InlineData("replay")]
    [InlineData("simulate")]
    [InlineData("bench")]
    [InlineData("playbook")]
    public async Task Help_teaches_with_examples(string verb)
    {
        using var cli = new Cli();
        Assert.Equal(0, await cli.RunAsync(verb.Length == 0 ? ["--help"] : [verb, "--help"]));
        Assert.Contains("Examples:", cli.Out, StringComparison.Ordinal);
        Assert.Contains($"  healthgrains {verb}", cli.Out, StringComparison.Ordinal);
        Assert.Equal("", cli.Error);
    }

    [Fact]
    public async Task A_file_that_is_not_there_fails_with_a_sentence_that_says_what_to_do()
    {
        using var cli = new Cli();
        Assert.Equal(1, await cli.RunAsync("replay", cli.Path("nowhere.ndjson")));
        Assert.Contains("there is no file", cli.Error, StringComparison.Ordinal);
        Assert.Equal("", cli.Out);
    }
}
