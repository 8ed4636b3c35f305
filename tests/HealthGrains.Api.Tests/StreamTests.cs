using System.Net.Http.Headers;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests;

public sealed class StreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AccountInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BookInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Changes_arrive_as_events_with_id_type_and_data()
    {
        await using var api = await TestApi.StartAloneAsync();
        using var stream = await Watcher.OpenAsync(api, "/v1/stream?account=acme");
        stream.Feed.Push(Samples.Changed(7, "acme"));
        stream.Feed.Push(new ChangeEvent(8, "alert.raised", "acme", Samples.Alert("al-1", "acme")));
        var changed = await stream.EventAsync();
        Assert.Equal(("7", "account.changed"), (changed.Id, changed.Type));
        Assert.Equal(("acme", "yellow"), (changed.Json.Str("id"), changed.Json.Str("band")));
        var raised = await stream.EventAsync();
        Assert.Equal(("8", "alert.raised", "acme"), (raised.Id, raised.Type, raised.Json.Str("account")));
        Assert.Equal(new WatchFilter("acme"), stream.Feed.Filter);
        Assert.Null(stream.Feed.After);
    }

    [Fact]
    public async Task The_answer_is_a_stream_that_nobody_stores_or_holds_back()
    {
        await using var api = await TestApi.StartAloneAsync();
        using var stream = await Watcher.OpenAsync(api, "/v1/stream?owner=kim");
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.MediaType);
        Assert.True(stream.Response.Headers.CacheControl?.NoStore);
        Assert.Equal("no", Assert.Single(stream.Response.Headers.GetValues("X-Accel-Buffering")));
        Assert.StartsWith("retry: ", await stream.LineAsync());
        Assert.Equal(new WatchFilter(Owner: "kim"), stream.Feed.Filter);
    }

    [Theory]
    [InlineData("/v1/stream", "41", 41L)]
    [InlineData("/v1/stream?lastEventId=40", null, 40L)]
    [InlineData("/v1/stream?lastEventId=40", "41", 41L)] // a browser that connects again sets the header; the address is the old one
    public async Task A_watcher_resumes_after_the_last_event_it_saw(string url, string? header, long expected)
    {
        await using var api = await TestApi.StartAloneAsync();
        using var stream = await Watcher.OpenAsync(api, url, header);
        Assert.Equal(expected, stream.Feed.After);
    }

    [Fact]
    public async Task A_watcher_who_cannot_resume_is_told_to_reload_and_then_sees_what_comes()
    {
        await using var api = await TestApi.StartAloneAsync();
        api.Host.NextFeedMissed = true;
        using var stream = await Watcher.OpenAsync(api, "/v1/stream?account=acme", "3");
        Assert.Equal("reset", (await stream.EventAsync()).Type);
        Assert.Null(stream.Feed.After); // the feed that replaced the one which could not resume
        Assert.True(api.Host.Feeds.First().Disposed.Task.IsCompleted);
        stream.Feed.Push(Samples.Changed(9, "acme"));
        Assert.Equal("account.changed", (await stream.EventAsync()).Type);
    }

    [Fact]
    public async Task A_watcher_for_whom_too_much_happened_is_told_once_to_reload()
    {
        await using var api = await TestApi.StartAloneAsync();
        using var stream = await Watcher.OpenAsync(api, "/v1/stream?account=acme");
        var first = stream.Feed;
        api.Host.Watched = new(TaskCreationOptions.RunContinuationsAsynchronously);
        first.Missed = true;
        first.Push(Samples.Changed(70, "acme"));
        var reset = await stream.EventAsync();
        Assert.Equal(("reset", "69"), (reset.Type, reset.Id));
        Assert.Equal("70", (await stream.EventAsync()).Id);
        var second = await api.Host.Watched.Task.WaitAsync(Patience);
        Assert.Equal(70, second.After);
        await first.Disposed.Task.WaitAsync(Patience);

        second.Push(Samples.Changed(71, "acme"));
        await api.Time.ArmedAsync(AccountInterval);
        api.Time.Advance(AccountInterval);
        Assert.Equal("account.changed", (await stream.EventAsync()).Type);
    }

    [Theory]
    [InlineData("/v1/stream?account=acme", 50)]
    [InlineData("/v1/stream", 250)]
    [InlineData("/v1/stream?owner=kim", 250)]
    public async Task Changes_between_two_frames_become_one_event_of_the_latest(string url, int milliseconds)
    {
        await using var api = await TestApi.StartAloneAsync();
        using var stream = await Watcher.OpenAsync(api, url);
        stream.Feed.Push(Samples.Changed(1, "acme"));
        Assert.Equal("1", (await stream.EventAsync()).Id); // the first comes at once
        await api.Time.ArmedAsync(TimeSpan.FromMilliseconds(milliseconds));
        for (var sequence = 2; sequence <= 50; sequence++) stream.Feed.Push(Samples.Changed(sequence, "acme"));
        api.Time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.Equal(1, stream.Feed.Reads);
        api.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("50", (await stream.EventAsync()).Id);
        Assert.Equal(2, stream.Feed.Reads);
    }

    [Fact]
    public async Task Silence_is_broken_by_a_comment()
    {
        await using var api = await TestApi.StartAloneAsync();
        using var stream = await Watcher.OpenAsync(api, "/v1/stream");
        for (var beat = 0; beat < 3; beat++)
        {
            await api.Time.ArmedAsync(Heartbeat);
            api.Time.Advance(Heartbeat);
            Assert.Equal(": still here", await stream.LineStartingAsync(": still"));
        }
        stream.Feed.Push(Samples.Changed(5, "acme"));
        Assert.Equal("5", (await stream.EventAsync()).Id);
    }

    [Fact]
    public async Task A_client_that_goes_frees_its_feed()
    {
        await using var api = await TestApi.StartAloneAsync();
        FakeFeed feed;
        using (var stream = await Watcher.OpenAsync(api, "/v1/stream")) feed = stream.Feed;
        await feed.Disposed.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_host_that_stops_ends_the_stream()
    {
        await using var api = await TestApi.StartAloneAsync();
        using var stream = await Watcher.OpenAsync(api, "/v1/stream");
        stream.Feed.Fail(new HostUnavailableException("stopping"));
        Assert.Null(await stream.LineStartingAsync("no such line"));
        await stream.Feed.Disposed.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_bad_question_is_refused_before_the_stream_begins()
    {
        await using var api = await TestApi.StartAloneAsync();
        await (await api.GetAsync("/v1/stream?account=a%20b")).ProblemAsync(400, "invalid-query", "account");
        await (await api.GetAsync("/v1/stream?acount=acme")).ProblemAsync(400, "invalid-query", "acount");
        await (await api.GetAsync("/v1/stream", ("Last-Event-ID", "x"))).ProblemAsync(400, "invalid-query", "lastEventId");
        api.Host.Fault = new HostUnavailableException("too many watchers");
        await (await api.GetAsync("/v1/stream")).ProblemAsync(503, "unavailable");
    }

    [Fact]
    public async Task Many_watchers_see_the_same()
    {
        await using var api = await TestApi.StartAloneAsync();
        var streams = new List<Watcher>();
        for (var i = 0; i < 20; i++)
        {
            api.Host.Watched = new(TaskCreationOptions.RunContinuationsAsynchronously);
            streams.Add(await Watcher.OpenAsync(api, "/v1/stream"));
        }
        foreach (var stream in streams) stream.Feed.Push(Samples.Changed(3, "acme"));
        foreach (var stream in streams) Assert.Equal("3", (await stream.EventAsync()).Id);
        foreach (var stream in streams) stream.Dispose();
        foreach (var stream in streams) await stream.Feed.Disposed.Task.WaitAsync(Patience);
    }

    private sealed record Event(string? Id, string? Type, string Data)
    {
        public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Data).RootElement;
    }

    private sealed class Watcher(HttpResponseMessage response, StreamReader reader, FakeFeed feed) : IDisposable
    {
        public HttpResponseMessage Response { get; } = response;

        public FakeFeed Feed { get; } = feed;

        public static async Task<Watcher> OpenAsync(TestApi api, string url, string? lastEventId = null)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
            var response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
            Assert.Equal(200, (int)response.StatusCode);
            var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            return new Watcher(response, reader, await api.Host.Watched.Task.WaitAsync(Patience));
        }

        public async Task<string?> LineAsync() => await reader.ReadLineAsync().WaitAsync(Patience);

        public async Task<string?> LineStartingAsync(string start)
        {
            while (await LineAsync() is { } line)
                if (line.StartsWith(start, StringComparison.Ordinal)) return line;
            return null;
        }

        public async Task<Event> EventAsync()
        {
            string? id = null, type = null, data = null;
            while (await LineAsync() is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
                else if (line.Length == 0 && data is not null) return new Event(id, type, data);
            }
            throw new InvalidOperationException("the stream ended");
        }

        public void Dispose()
        {
            reader.Dispose();
            Response.Dispose();
        }
    }
}
