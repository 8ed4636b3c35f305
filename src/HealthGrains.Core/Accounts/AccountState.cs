using System.Buffers;

namespace HealthGrains.Accounts;

/// <summary>Everything an account actor remembers.</summary>
public sealed class AccountState
{
    /// <summary>A new account.</summary>
    public AccountState(AccountProfile profile) => Profile = profile;

    /// <summary>Who it is. Stored beside the state, not in it.</summary>
    public AccountProfile Profile { get; internal set; }

    /// <summary>Grows by one with every signal taken and every turn that changed something.</summary>
    public long Version { get; internal set; }

    /// <summary>Writes the canonical form: the same behaviour gives the same bytes, in whatever order it arrived.</summary>
    public void Write(IBufferWriter<byte> output) => throw new NotImplementedException();

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="InvalidDataException"/> for anything else.</summary>
    public static AccountState Read(ReadOnlySpan<byte> bytes, AccountProfile profile) => throw new NotImplementedException();

    /// <summary>A copy that shares nothing with this state but immutable parts; a memory copy, cheap enough for every reader.</summary>
    public AccountState Clone() => throw new NotImplementedException();
}
