using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>
/// What stands for an id inside the domain: a <see cref="SipHash"/> under the tenant's key, which is the salt. A first byte
/// keeps the two uses apart: a signal's id begins with its source, a subject with 0xFF, which is no source.
/// </summary>
public static class Pseudonyms
{
    /// <summary>The longest id of a signal, in UTF-8 bytes.</summary>
    public const int MaxIdBytes = 128;

    /// <summary>The longest subject, in UTF-8 bytes; long enough for every e-mail address.</summary>
    public const int MaxSubjectBytes = 1024;

    private const byte SubjectPrefix = 0xFF;

    /// <summary>The identity that duplicates are recognised by: hash of (source, id).</summary>
    /// <param name="keys">The tenant's key.</param>
    /// <param name="source">The source of the signal.</param>
    /// <param name="id">Its id, at most <see cref="MaxIdBytes"/> bytes; longer throws <see cref="ArgumentException"/>.</param>
    public static ulong OfSignal(in TenantKeys keys, SignalSource source, ReadOnlySpan<byte> id)
    {
        if (id.Length > MaxIdBytes) throw new ArgumentException($"an id has at most {MaxIdBytes} bytes", nameof(id));
        Span<byte> message = stackalloc byte[1 + MaxIdBytes];
        message[0] = (byte)source;
        id.CopyTo(message[1..]);
        return SipHash.Hash(keys, message[..(1 + id.Length)]);
    }

    /// <summary>
    /// The pseudonym of a user, ticket, invoice or contact; never 0 except for the empty subject. E-mail addresses (whatever
    /// holds an @) are the same person in any case of their letters.
    /// </summary>
    /// <param name="keys">The tenant's key.</param>
    /// <param name="subject">At most <see cref="MaxSubjectBytes"/> bytes; longer throws <see cref="ArgumentException"/>.</param>
    public static ulong OfSubject(in TenantKeys keys, ReadOnlySpan<byte> subject)
    {
        if (subject.IsEmpty) return 0;
        if (subject.Length > MaxSubjectBytes) throw new ArgumentException($"a subject has at most {MaxSubjectBytes} bytes", nameof(subject));
        Span<byte> message = subject.Length < 128 ? stackalloc byte[128] : stackalloc byte[1 + MaxSubjectBytes];
        message = message[..(1 + subject.Length)];
        message[0] = SubjectPrefix;
        subject.CopyTo(message[1..]);
        if (subject.Contains((byte)'@'))
            foreach (ref var b in message[1..])
                if (b is >= (byte)'A' and <= (byte)'Z') b |= 0x20;
        var hash = SipHash.Hash(keys, message);
        return hash == 0 ? 1 : hash;
    }
}
