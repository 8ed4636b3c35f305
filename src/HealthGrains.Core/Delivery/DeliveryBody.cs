using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HealthGrains.Delivery;

/// <summary>What a dispatch says. A closed set; as JSON (<see cref="DeliveryJson"/>) each has a <c>type</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(EmailBody), "email")]
[JsonDerivedType(typeof(ChatBody), "chat")]
[JsonDerivedType(typeof(NoticeBody), "notice")]
[JsonDerivedType(typeof(CrmBody), "crm")]
public abstract record DeliveryBody
{
    private protected DeliveryBody()
    {
    }
}

/// <summary>A letter, in plain text.</summary>
/// <param name="To">The address.</param>
/// <param name="ToName">The person's name; null when it is not known.</param>
/// <param name="ReplyTo">Where answers go, such as the CSM's address; null for the sender of the settings.</param>
/// <param name="Subject">The subject, one line.</param>
/// <param name="Text">The text.</param>
public sealed record EmailBody(string To, string? ToName, string? ReplyTo, string Subject, string Text) : DeliveryBody
{
    /// <summary>
    /// When it must not leave: asked again at every attempt, for a mail server may be away until late at night. Null for no such time.
    /// </summary>
    public IReadOnlyList<QuietTime>? Quiet { get; init; }
}

/// <summary>A line in the team's chat.</summary>
/// <param name="Text">The text.</param>
/// <param name="Link">Where to look closer; null for nowhere.</param>
public sealed record ChatBody(string Text, string? Link) : DeliveryBody;

/// <summary>Something that another system should know: for webhooks and for messages inside the product.</summary>
/// <param name="Event">What happened, words with dots: <c>play.step.completed</c>.</param>
/// <param name="Data">Its facts.</param>
public sealed record NoticeBody(string Event, JsonObject Data) : DeliveryBody;

/// <summary>Something that is written into the CRM.</summary>
/// <param name="Kind">What it is there.</param>
/// <param name="AccountId">The account's id with us.</param>
/// <param name="ExternalIds">The account's ids elsewhere, by source (hubspot, salesforce ...), as its profile has them.</param>
/// <param name="Fields">
/// Our fields with their values: text, numbers, true or false, times as RFC 3339, null to clear. The settings say what each is called
/// there; one that they do not name is not written. An account's: score, low, high, band, churnProbability, arrAtRisk, play, playStatus,
/// alert, asOf, and whatever else a rule writes. A task's: subject, text, dueAt, status (open, done), priority (low, medium, high), owner,
/// link. An outcome's: subject, text, at, outcome, owner, link.
/// </param>
/// <param name="Reference">
/// What a task or an outcome is called, always the same of the same one: what comes later changes it, a repeat changes nothing. Null for
/// the dispatch's own id.
/// </param>
public sealed record CrmBody(
    CrmKind Kind, string AccountId, IReadOnlyDictionary<string, string> ExternalIds, JsonObject Fields, string? Reference = null)
    : DeliveryBody;

/// <summary>What is written into the CRM.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CrmKind>))]
public enum CrmKind
{
    /// <summary>Fields of the account.</summary>
    [JsonStringEnumMemberName("account")]
    Account,
    /// <summary>A task of the account.</summary>
    [JsonStringEnumMemberName("task")]
    Task,
    /// <summary>What a step or a play came to: a note of the account.</summary>
    [JsonStringEnumMemberName("outcome")]
    Outcome,
}
