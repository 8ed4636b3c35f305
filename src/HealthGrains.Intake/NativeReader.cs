using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>
/// Reads native signals: a JSON array, one object, or NDJSON. Whatever is wrong with one signal refuses that signal alone; only
/// a body that is not JSON as a whole is refused as a whole.
/// </summary>
public static class NativeReader
{
    /// <summary>
    /// Reads a body into an empty batch. Throws <see cref="IntakeFormatException"/> when it cannot be read as a whole; the batch is
    /// then empty.
    /// </summary>
    /// <param name="body">UTF-8, with or without a byte order mark.</param>
    /// <param name="context">What intake must know.</param>
    /// <param name="batch">Takes what is read.</param>
    /// <param name="shape">How the signals are put together.</param>
    public static void Read(ReadOnlySpan<byte> body, IntakeContext context, IntakeBatch batch, BodyShape shape = BodyShape.Detect)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(batch);
        JsonBody.Read(body, shape, new BatchWriter(context, batch), ReadOne, WireFormat.Native);
    }

    /// <summary>Reads a body, as <see cref="Read(ReadOnlySpan{byte}, IntakeContext, IntakeBatch, BodyShape)"/> does.</summary>
    public static void Read(ReadOnlyMemory<byte> body, IntakeContext context, IntakeBatch batch, BodyShape shape = BodyShape.Detect) =>
        Read(body.Span, context, batch, shape);

    /// <summary>Reads a body in pieces, as <see cref="Read(ReadOnlySpan{byte}, IntakeContext, IntakeBatch, BodyShape)"/> does.</summary>
    public static void Read(in ReadOnlySequence<byte> body, IntakeContext context, IntakeBatch batch, BodyShape shape = BodyShape.Detect)
    {
        if (body.IsSingleSegment)
        {
            Read(body.FirstSpan, context, batch, shape);
            return;
        }
        var length = checked((int)body.Length);
        var whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(whole);
            Read(whole.AsSpan(0, length), context, batch, shape);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    /// <summary>Reads the object at the cursor. False on broken JSON: nothing was taken or counted then.</summary>
    internal static bool ReadOne(ReadOnlySpan<byte> json, ref JsonCursor cursor, bool alone, int position, BatchWriter writer)
    {
        var start = cursor.Position;
        if (!NativeSignal.TryFind(json, ref cursor, alone ? 1 : 2, out var found) || (alone && !cursor.TakeEnd())) return false;
        if (NativeSignal.WhyNotUtf8(json[start..cursor.Position]) is { } notUtf8) writer.Reject(position, "", notUtf8);
        else Take(json, found, position, writer);
        return true;
    }

    /// <summary>Takes one signal whose properties are found, or rejects it for the first thing that is wrong.</summary>
    internal static void Take(ReadOnlySpan<byte> json, in NativeSignal found, int position, BatchWriter writer)
    {
        Span<byte> idBytes = stackalloc byte[Pseudonyms.MaxIdBytes];
        Span<byte> scratch = found.Account.Escaped || found.Source.Escaped || found.Kind.Escaped || found.At.Escaped
            || found.Subject.Escaped || found.Name.Escaped || found.Text.Escaped || found.Url.Escaped || found.Priority.Escaped
            ? writer.Scratch : default;

        if (Scalar.Read(json, found.Id, Pseudonyms.MaxIdBytes, idBytes, out var id) is { } badId)
            writer.Reject(position, "id", badId);
        else if (id.IsEmpty)
            writer.Reject(position, "id", "required: 1 to 128 bytes by which a repeated delivery is recognised");
        else if (Scalar.Read(json, found.Account, AccountId.MaxLength, scratch, out var accountId) is { } badAccount)
            writer.Reject(position, "account", badAccount);
        else if (found.Account.IsAbsent && writer.Account is null)
            writer.Reject(position, "account", "required: the id of the account");
        else if ((found.Account.IsAbsent ? writer.Account : writer.AccountOf(accountId)) is not { } account)
            writer.Reject(position, "account", $"{JsonText.Echo(accountId)}: {AccountId.Rule}");
        else if (!TryKind(json, found, scratch, position, writer, out var rule))
            return;
        else if (!TryTime(json, found.At, position, writer, out var at))
            return;
        else if (!TrySubject(json, found.Subject, rule, scratch, position, writer, out var subject))
            return;
        else if (Scalar.ReadNumber(json, found.Value, out var number) is { } noNumber)
            writer.Reject(position, "value", noNumber);
        else if (SignalCheck.Value(rule, NumberOf(rule, number), found.Value.In(json), out var value) is { } badValue)
            writer.Reject(position, "value", badValue);
        else if (!TrySentiment(json, found.Text, scratch, position, writer, out var sentiment))
            return;
        else if (TicketPriority(json, found.Priority, rule, scratch, ref value) is { } badPriority)
            writer.Reject(position, "priority", badPriority);
        else if (Evidence.Read(json, found.Url, scratch, out _) is { } badUrl)
            writer.Reject(position, "url", badUrl);
        else if (TryName(json, found.Name, rule, scratch, position, writer, out var name)) // last: it leaves a trace in the batch
        {
            writer.Add(account, new Signal(writer.SignalId(rule.Kind.Source(), id), at, rule.Kind, subject, name, value, sentiment));
            if (found.Url.IsAbsent || !rule.Kind.IsEvidence()) return;
            // Again, for the name may have been unescaped where it was.
            Evidence.Read(json, found.Url, scratch, out var url);
            if (!url.IsEmpty) writer.AddEvidence(account, rule.Kind, at, url);
        }
    }

    // Tickets had no number before they had priorities: what was sent all the same is dropped as ever, and not refused.
    private static double NumberOf(SignalRule rule, double number) =>
        rule.Kind == SignalKind.TicketOpened && !(number >= rule.Min && number <= rule.Max) ? double.NaN : number;

    // Of a ticket its priority is the number that it carries, best said as a word.
    private static string? TicketPriority(
        ReadOnlySpan<byte> json, JsonSpan written, SignalRule rule, Span<byte> scratch, ref float value)
    {
        if (rule.Kind != SignalKind.TicketOpened) return null;
        if (Scalar.Read(json, written, NameId.MaxBytes, scratch, out var word) is { } wrong) return wrong;
        if (word.IsEmpty) return null;
        for (var k = 0; k < PriorityWords.Length; k++)
        {
            if (!System.Text.Ascii.EqualsIgnoreCase(word, PriorityWords[k])) continue;
            value = k + 1;
            return null;
        }
        return $"{JsonText.Echo(word)} is not one of {string.Join(", ", SignalKinds.Priorities)}";
    }

    private static readonly byte[][] PriorityWords = [.. SignalKinds.Priorities.Select(System.Text.Encoding.UTF8.GetBytes)];

    private static bool TryKind(
        ReadOnlySpan<byte> json, in NativeSignal found, Span<byte> scratch, int position, BatchWriter writer, out SignalRule rule)
    {
        rule = null!;
        if (Scalar.Read(json, found.Source, NameId.MaxBytes, scratch, out var sourceName) is { } badSource)
            writer.Reject(position, "source", badSource);
        else if (sourceName.IsEmpty)
            writer.Reject(position, "source", "required: usage, ticket, billing, engagement or crm");
        else if (!SignalCheck.TrySource(sourceName, out var source))
            writer.Reject(position, "source", SignalCheck.UnknownSource(sourceName));
        else if (Scalar.Read(json, found.Kind, NameId.MaxBytes, scratch, out var kindName) is { } badKind)
            writer.Reject(position, "kind", badKind);
        else if (kindName.IsEmpty)
            writer.Reject(position, "kind", $"required: {SignalKinds.KnownKinds(source)}");
        else if (SignalCheck.FindKind(source, kindName) is { } known)
            rule = known;
        else
            writer.Reject(position, "kind", SignalCheck.UnknownKind(source, kindName));
        return rule is not null;
    }

    private static bool TryTime(ReadOnlySpan<byte> json, JsonSpan written, int position, BatchWriter writer, out long at)
    {
        at = writer.Now;
        if (written.IsAbsent) return true;
        scoped var bytes = written.In(json);
        Span<byte> plain = stackalloc byte[64]; // longer than every time
        if (written.Escaped && JsonText.Unescape(bytes, plain, out var length) == JsonText.Outcome.Whole) bytes = plain[..length];
        var wrong = written.Type == JsonType.String && Rfc3339.TryParse(bytes, out at)
            ? writer.WhyNot(at, bytes)
            : $"not an RFC 3339 time: {JsonText.Echo(bytes)}";
        if (wrong is null) return true;
        writer.Reject(position, "at", wrong);
        return false;
    }

    private static bool TrySubject(
        ReadOnlySpan<byte> json, JsonSpan written, SignalRule rule, Span<byte> scratch, int position, BatchWriter writer, out ulong subject)
    {
        subject = 0;
        var wrong = Scalar.Read(json, written, Pseudonyms.MaxSubjectBytes, scratch, out var bytes);
        if (wrong is null && bytes.IsEmpty && rule.SubjectRequired) wrong = $"required: {rule.WireName} is about a {rule.Subject}";
        if (wrong is null)
        {
            subject = writer.Subject(bytes);
            return true;
        }
        writer.Reject(position, "subject", wrong);
        return false;
    }

    private static bool TryName(
        ReadOnlySpan<byte> json, JsonSpan written, SignalRule rule, Span<byte> scratch, int position, BatchWriter writer, out uint name)
    {
        name = 0;
        var wrong = Scalar.Read(json, written, NameId.MaxBytes, scratch, out var bytes);
        if (wrong is null && bytes.IsEmpty && rule.NameRequired) wrong = $"required for {rule.WireName}";
        if (wrong is null)
        {
            name = writer.Name(bytes);
            return true;
        }
        writer.Reject(position, "name", wrong);
        return false;
    }

    private static bool TrySentiment(
        ReadOnlySpan<byte> json, JsonSpan written, Span<byte> scratch, int position, BatchWriter writer, out sbyte sentiment)
    {
        sentiment = Signal.NoSentiment;
        if (written.IsAbsent) return true;
        if (written.Type != JsonType.String)
        {
            writer.Reject(position, "text", $"not a string: {JsonText.Echo(written.In(json))}");
            return false;
        }
        var bytes = written.In(json);
        if (written.Escaped)
        {
            JsonText.Unescape(bytes, scratch, out var length);
            bytes = scratch[..length];
        }
        if (!bytes.Trim(" \t\r\n"u8).IsEmpty) sentiment = Sentiment.Of(bytes);
        return true;
    }
}
