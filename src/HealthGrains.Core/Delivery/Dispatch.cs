using System.Text.Json.Serialization;

namespace HealthGrains.Delivery;

/// <summary>
/// Something that is to leave the house: one message for one receiver. It is written with the state that decided it, sent at least once,
/// and carries the same id every time, so that a receiver can drop a repeat.
/// </summary>
/// <param name="Id">Stable and unique, such as <c>acme:17</c>: see <see cref="IsValidId"/>.</param>
/// <param name="Account">The account that it is about; empty for what is about several, such as a digest.</param>
/// <param name="Owner">The CSM of the account; null when it has none.</param>
/// <param name="Receiver">The key of a receiver in the settings: see <see cref="ReceiverKeys"/>.</param>
/// <param name="At">When it was decided, Unix milliseconds.</param>
/// <param name="NotBefore">When it falls due, Unix milliseconds: <paramref name="At"/>, or later for quiet hours and the like.</param>
/// <param name="Body">What it says.</param>
public sealed record Dispatch(string Id, string Account, string? Owner, string Receiver, long At, long NotBefore, DeliveryBody Body)
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxIdLength = 200;

    /// <summary>Why an id is refused, for error messages.</summary>
    public const string IdRule = "the id of a delivery is 1 to 200 characters of A-Z a-z 0-9 . _ : / # -";

    /// <summary>
    /// What keeps its order: of one receiver and one line, a dispatch goes only when all that fell due before are delivered or given up.
    /// The account, and for e-mail whom it goes to as well: a customer's full mailbox must not hold up what the CSM should hear.
    /// </summary>
    [JsonIgnore]
    public string Line => $"{Subject}{(Body is EmailBody mail ? $" {mail.To.ToLowerInvariant()}" : "")}";

    /// <summary>
    /// The accounts that something about several of them names: it is erased with any of them. Null for what is about one.
    /// </summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Whether it is about an account, alone or among others.</summary>
    public bool IsAbout(string account) => Account == account || Names?.Contains(account) == true;

    private string Subject => Account.Length > 0 ? Account : $"of {Owner}";

    /// <summary>Whether a text can be the id of a dispatch. It goes into headers and names of files as it is.</summary>
    public static bool IsValidId(string? id) => id is { Length: > 0 and <= MaxIdLength }
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '/' or '#' or '-');
}

/// <summary>The keys that HealthGrains itself sends to. A webhook has the key that the settings give it.</summary>
public static class ReceiverKeys
{
    /// <summary>E-mail.</summary>
    public const string Email = "email";
    /// <summary>The team's chat.</summary>
    public const string Chat = "chat";
    /// <summary>The CRM.</summary>
    public const string Crm = "crm";
}
