using System.Reflection;
using HealthGrains.Hosting;
using HealthGrains.Plays.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.Assistant.Tests;

public sealed class PracticeWatchTests : IDisposable
{
    private const string Trigger = """{ "id": "quiet", "version": 1, "title": "Q", "when": { "fact": "arr", "known": false } }""";
    private const string Playbook = """
        { "id": "ask", "version": 1, "title": "Ask", "goal": "Know.", "trigger": "quiet", "steps": [
          { "id": "call", "day": 0, "kind": "task", "title": "Ask" }] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("healthgrains-practice-").FullName;
    private readonly PracticeHost _desks;
    private readonly PracticeWatch _watch;

    public PracticeWatchTests()
    {
        var host = DispatchProxy.Create<IHealthGrains, Answers>();
        var desks = DispatchProxy.Create<IDesks, Answers>();
        _desks = new PracticeHost();
        ((Answers)(object)host).Answer = (_, _) => desks;
        ((Answers)(object)desks).Answer = _desks.Answer;
        var defaults = DefaultPractice.Files.ToDictionary(file => file.Path, file => file.Content);
        _watch = new PracticeWatch(
            host, new PracticeWatchOptions(_folder, false, TimeSpan.FromSeconds(1), defaults), TimeProvider.System,
            NullLogger<PracticeWatch>.Instance);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_counts_once_and_is_taken_away_with_its_file()
    {
        Write("triggers/quiet.json", Trigger);
        await LookAsync();
        await LookAsync();
        Assert.Equal(1, _desks.Asked);
        Assert.NotNull(_desks.Book.Practice.Triggers.FirstOrDefault(rule => rule.Id == "quiet"));
        File.Delete(Path.Combine(_folder, "triggers/quiet.json"));
        await LookAsync();
        Assert.Null(_desks.Book.Practice.Triggers.FirstOrDefault(rule => rule.Id == "quiet"));
    }

    [Fact]
    public async Task What_others_need_is_not_taken_away_and_that_is_asked_once_until_the_folder_changes()
    {
        Write("triggers/quiet.json", Trigger);
        Write("playbooks/ask.json", Playbook);
        await LookAsync();
        File.Delete(Path.Combine(_folder, "triggers/quiet.json"));
        for (var k = 0; k < 5; k++) await LookAsync();
        Assert.Equal(2, _desks.Asked);
        Assert.Contains(_desks.Book.Practice.Triggers, rule => rule.Id == "quiet");
        File.Delete(Path.Combine(_folder, "playbooks/ask.json"));
        await LookAsync();
        Assert.DoesNotContain(_desks.Book.Practice.Triggers, rule => rule.Id == "quiet");
    }

    [Fact]
    public async Task A_change_that_the_host_could_not_take_is_asked_again()
    {
        Write("triggers/quiet.json", Trigger);
        _desks.IsAway = true;
        await Assert.ThrowsAsync<HostUnavailableException>(LookAsync);
        _desks.IsAway = false;
        await LookAsync();
        Assert.Contains(_desks.Book.Practice.Triggers, rule => rule.Id == "quiet");
    }

    [Fact]
    public async Task Where_ones_own_is_taken_away_the_products_own_comes_back()
    {
        Write("guardrails/threePlays.json", """{ "id": "threePlays", "version": 2, "title": "T", "kind": "playsAtOnce", "most": 2 }""");
        await LookAsync();
        Assert.Equal(2, ThreePlays());
        File.Delete(Path.Combine(_folder, "guardrails/threePlays.json"));
        await LookAsync();
        Assert.Equal(3, ThreePlays());

        int ThreePlays() => _desks.Book.Practice.Guardrails.Single(rule => rule.Id == "threePlays").Most;
    }

    private Task LookAsync() => _watch.LookAsync(CancellationToken.None);

    private void Write(string path, string content)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    /// <summary>The part of a host that keeps a practice.</summary>
    private sealed class PracticeHost
    {
        public PracticeBook Book { get; private set; } = DefaultPractice.Book(new HandlebarsWriter());

        public int Asked { get; private set; }

        public bool IsAway { get; set; }

        public object Answer(MethodInfo asked, object?[] arguments)
        {
            if (asked.Name == nameof(IDesks.GetPracticeAsync)) return new ValueTask<PracticeBook>(Book);
            if (IsAway) throw new HostUnavailableException("away");
            Asked++;
            var edit = (PracticeEdit)arguments[0]!;
            var change = Book.Change(edit.With, edit.Without);
            Book = change.Book;
            return new ValueTask<PracticeChange>(change);
        }
    }

    /// <summary>Answers each call of an interface.</summary>
    public class Answers : DispatchProxy
    {
        internal Func<MethodInfo, object?[], object> Answer { get; set; } = (asked, _) => throw new NotSupportedException(asked.Name);

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!, args ?? []);
    }
}
