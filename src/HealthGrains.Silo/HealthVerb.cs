using System.CommandLine;
using System.Text.Json;

namespace HealthGrains.Silo;

/// <summary><c>health</c>: asks a node whether it is ready, for images that hold no program to ask with.</summary>
internal static class HealthVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Build(TextWriter output)
    {
        var address = new Argument<string>("url")
        {
            Description = "What to ask",
            DefaultValueFactory = _ => $"{LocalSilo.DefaultUrl}/health/ready",
        };
        var command = new Command("health", "Asks a node whether it is ready: exit code 0 when it is, 1 when not, with the reason.")
        {
            address,
        };
        CommandLine.TeachByExample(command, [
            "healthgrains-silo health",
            "healthgrains-silo health http://127.0.0.1:8080/health/live",
        ]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var asked = parsed.GetRequiredValue(address);
            if (!Uri.TryCreate(asked, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                throw new Refusal($"'{asked}' is no address to ask; write it as {LocalSilo.DefaultUrl}/health/ready", CommandLine.Usage);
            using var client = new HttpClient { Timeout = Patience };
            try
            {
                using var answer = await client.GetAsync(url, cancellationToken);
                var said = Reason(await answer.Content.ReadAsStringAsync(cancellationToken));
                if (!answer.IsSuccessStatusCode) throw new Refusal($"{url} says {(int)answer.StatusCode}: {said}");
                output.WriteLine(said);
                return CommandLine.Done;
            }
            catch (HttpRequestException wrong)
            {
                throw new Refusal($"{url} does not answer: {wrong.Message}");
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new Refusal($"{url} does not answer within {Patience.TotalSeconds} s");
            }
        });
        return command;
    }

    private static string Reason(string body)
    {
        try
        {
            var json = JsonDocument.Parse(body).RootElement;
            return (json.TryGetProperty("detail", out var said) || json.TryGetProperty("status", out said)) ? said.ToString() : body;
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
