using System.Text.Json.Serialization;

namespace HealthGrains.Delivery;

/// <summary>How far a dispatch is. The numbers are what databases hold.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState : byte
{
    /// <summary>To be sent, or tried again.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending = 0,
    /// <summary>The receiver has it.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered = 1,
    /// <summary>Given up: the receiver refused it, or it could not be delivered in time. A person may have it tried again.</summary>
    [JsonStringEnumMemberName("dead")]
    Dead = 2,
    /// <summary>Called back before it was sent.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled = 3,
}

/// <summary>A dispatch and what has become of it. Times are Unix milliseconds.</summary>
/// <param name="Dispatch">What is sent.</param>
/// <param name="State">How far it is.</param>
/// <param name="Attempts">How often it was begun to be sent.</param>
/// <param name="Error">Why it did not arrive the last time, or why it was called back: a sentence. Null once it is delivered.</param>
/// <param name="DueSince">Since when it is due: <see cref="Dispatch.NotBefore"/>, or when a person had it tried again.</param>
/// <param name="NextAttempt">When it is next sent, at the earliest; null when it is not to be sent.</param>
/// <param name="SettledAt">When it was delivered, given up or called back; null while it is pending.</param>
/// <param name="DeliveredTo">Who took it and what they called it there, such as <c>smtp mail.example.com: 2.0.0 queued as 4Bf</c>.</param>
public sealed record DeliveryRecord(
    Dispatch Dispatch, DeliveryState State, int Attempts, string? Error, long DueSince, long? NextAttempt, long? SettledAt,
    string? DeliveredTo);

/// <summary>A dispatch that this node alone may send now, and must settle.</summary>
/// <param name="Dispatch">What is sent.</param>
/// <param name="Attempt">
/// Which attempt this is, from 1. It counts claims, so it tells one claim from every other: settling names it.
/// </param>
/// <param name="DueSince">Since when it is due, Unix milliseconds.</param>
public sealed record ClaimedDispatch(Dispatch Dispatch, int Attempt, long DueSince);

/// <summary>
/// What came of an attempt. One of the three that <see cref="Delivered"/>, <see cref="Again"/> and <see cref="Dead"/> make.
/// </summary>
public sealed record Settlement
{
    private Settlement()
    {
    }

    /// <summary>Delivered, Dead, or Pending to be tried again.</summary>
    public required DeliveryState State { get; init; }
    /// <summary>When it was tried, Unix milliseconds.</summary>
    public required long Now { get; init; }
    /// <summary>Why it did not arrive.</summary>
    public string? Error { get; init; }
    /// <summary>When it is tried again, Unix milliseconds.</summary>
    public long? NextAttempt { get; init; }
    /// <summary>Who took it.</summary>
    public string? DeliveredTo { get; init; }

    /// <summary>The receiver has it.</summary>
    public static Settlement Delivered(long now, string? to) => new() { State = DeliveryState.Delivered, Now = now, DeliveredTo = to };

    /// <summary>It did not arrive and is tried again.</summary>
    public static Settlement Again(long now, long next, string error) =>
        new() { State = DeliveryState.Pending, Now = now, NextAttempt = next, Error = error };

    /// <summary>It is given up.</summary>
    public static Settlement Dead(long now, string error) => new() { State = DeliveryState.Dead, Now = now, Error = error };
}

/// <summary>Which deliveries to list.</summary>
/// <param name="State">Only of this state.</param>
/// <param name="Receiver">Only to this receiver.</param>
/// <param name="Account">Only about this account.</param>
/// <param name="Owner">Only of this owner's accounts.</param>
/// <param name="Limit">Rows a page, 1..500.</param>
/// <param name="Cursor">The cursor of the page before.</param>
public sealed record DeliveryQuery(
    DeliveryState? State = null, string? Receiver = null, string? Account = null, string? Owner = null, int Limit = 50,
    string? Cursor = null);

/// <summary>How much waits for a receiver.</summary>
/// <param name="Receiver">Its key.</param>
/// <param name="Pending">How many are to be sent, those not due yet included.</param>
/// <param name="Dead">How many were given up.</param>
/// <param name="OldestDue">Since when the oldest that is due waits, Unix milliseconds; null when none is.</param>
public sealed record DeliveryCount(string Receiver, int Pending, int Dead, long? OldestDue);
