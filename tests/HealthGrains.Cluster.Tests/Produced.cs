using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthGrains.Accounts;
using HealthGrains.HostContract;
using HealthGrains.Hosting;
using HealthGrains.Intake;

namespace HealthGrains.Cluster.Tests;

/// <summary>
/// The test's own copy of what was produced, each signal once, and what the core alone makes of it: how a cluster must answer, whatever
/// befell it.
/// </summary>
internal sealed class Produced(int accounts) : IIdentities, INames
{
    /// <summary>The most that a figure may be off.</summary>
    public const double Tolerance = 1e-9;

    // As the API writes, but for alerts and the version: these tell what was decided on the way, which depends on who came first.
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new OrNull() },
    };

    private readonly OfflineReplay _replay = new(Enumerable.Range(0, accounts).Select(i => AccountProfile.Unknown($"a{i}")));
    private readonly StringBuilder _lines = new();

    /// <summary>Another signal, as a line.</summary>
    public void Add(string line) => _lines.Append(line);

    /// <summary>What is wrong with an answer about an account; null when it is as it must be.</summary>
    /// <param name="account">The account.</param>
    /// <param name="answer">What GET of the account gave.</param>
    /// <param name="at">The moment that was asked for; null for the present.</param>
    public string? WhatIsWrong(string account, JsonElement answer, DateTimeOffset? at = null)
    {
        var asOf = answer.GetProperty("health").GetProperty("asOf").GetDateTimeOffset();
        var now = at is null ? asOf : TimeProvider.System.GetUtcNow();
        return Answer(account, now, at).EnumerateObject().Select(part => Difference(part.Name, part.Value, answer.GetProperty(part.Name)))
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>How an account is to be answered.</summary>
    public JsonElement Answer(string account, DateTimeOffset now, DateTimeOffset? at)
    {
        Take(now);
        var view = at is { } past ? _replay.ViewAt(account, past, now) : _replay.View(account, now);
        return JsonSerializer.SerializeToElement(
            new { view.Status, view.DaysToRenewal, view.Health, view.Decline, view.Risk, view.LastSignals }, Written);
    }

    bool INames.Contains(uint id) => false;

    string INames.Text(uint id) => id.ToString("x8", CultureInfo.InvariantCulture);

    string? IIdentities.Find(string source, ReadOnlySpan<char> externalId) => null;

    bool IIdentities.AccountExists(ReadOnlySpan<char> id) => true;

    private void Take(DateTimeOffset now)
    {
        if (_lines.Length == 0) return;
        var lines = Encoding.UTF8.GetBytes(_lines.ToString());
        _lines.Clear();
        var batch = new IntakeBatch();
        var context = new IntakeContext { Now = now, Keys = TenantKeys.Repeatable, Identities = this, Names = this };
        IntakeReader.Read(WireFormat.Native, lines, context, batch, BodyShape.Lines);
        Assert.Empty(batch.Errors);
        _replay.Take(batch, now);
    }

    private static string? Difference(string path, JsonElement expected, JsonElement actual)
    {
        if (expected.ValueKind != actual.ValueKind) return Told();
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                var names = expected.EnumerateObject().Select(property => property.Name).ToList();
                if (!names.Order().SequenceEqual(actual.EnumerateObject().Select(property => property.Name).Order())) return Told();
                return names.Select(name => Difference($"{path}.{name}", expected.GetProperty(name), actual.GetProperty(name)))
                    .FirstOrDefault(found => found is not null);
            case JsonValueKind.Array:
                if (expected.GetArrayLength() != actual.GetArrayLength()) return Told();
                return Enumerable.Range(0, expected.GetArrayLength()).Select(i => Difference($"{path}[{i}]", expected[i], actual[i]))
                    .FirstOrDefault(found => found is not null);
            case JsonValueKind.Number:
                return Math.Abs(expected.GetDouble() - actual.GetDouble()) <= Tolerance ? null : Told();
            case JsonValueKind.String when expected.TryGetDateTimeOffset(out var moment) && actual.TryGetDateTimeOffset(out var said):
                return moment == said ? null : Told();
            case JsonValueKind.String:
                return expected.GetString() == actual.GetString() ? null : Told();
            default:
                return null;
        }

        string Told() => $"{path} is {actual} and would be {expected} had every signal been counted once";
    }

    private sealed class OrNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }
}
