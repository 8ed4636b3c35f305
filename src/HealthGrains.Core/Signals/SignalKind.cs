namespace HealthGrains.Signals;

/// <summary>Where a signal comes from. The values are part of the stored form and never change.</summary>
public enum SignalSource : byte
{
    /// <summary>Product telemetry.</summary>
    Usage = 0,
    /// <summary>The support desk.</summary>
    Ticket = 1,
    /// <summary>Invoices, payments and plans.</summary>
    Billing = 2,
    /// <summary>E-mail, meetings, NPS, reviews.</summary>
    Engagement = 3,
    /// <summary>Contacts, milestones, deals and renewals.</summary>
    Crm = 4,
}

/// <summary>
/// What happened. The upper nibble is the <see cref="SignalSource"/>; the values are part of the stored form and never change.
/// </summary>
public enum SignalKind : byte
{
    /// <summary>A user logged in. Subject: the user.</summary>
    Login = 0x01,
    /// <summary>A user used a feature. Subject: the user; name: the feature; value: how many times (1 when absent).</summary>
    FeatureUsed = 0x02,
    /// <summary>A session ended. Subject: the user; value: its length in minutes.</summary>
    SessionEnded = 0x03,
    /// <summary>A key workflow was completed. Subject: the user; name: the workflow.</summary>
    WorkflowCompleted = 0x04,
    /// <summary>An integration was connected. Name: the integration.</summary>
    IntegrationConnected = 0x05,
    /// <summary>An integration was removed. Name: the integration.</summary>
    IntegrationRemoved = 0x06,
    /// <summary>Seats in use, as measured. Value: seats.</summary>
    SeatsInUse = 0x07,
    /// <summary>How much of a plan limit is used. Name: the limit; value: the share, 0..1 (above 1 when exceeded).</summary>
    LimitUsed = 0x08,

    /// <summary>
    /// A ticket was opened. Subject: the ticket; name: its category; text: its body; value: its priority, 1 (low) to 4 (urgent).
    /// </summary>
    TicketOpened = 0x11,
    /// <summary>The customer or an agent replied. Subject: the ticket; text: the reply.</summary>
    TicketReplied = 0x12,
    /// <summary>A ticket was solved. Subject: the ticket.</summary>
    TicketSolved = 0x13,
    /// <summary>A solved ticket was opened again. Subject: the ticket.</summary>
    TicketReopened = 0x14,
    /// <summary>Satisfaction with a ticket. Subject: the ticket; value: 1..5.</summary>
    TicketCsat = 0x15,

    /// <summary>An invoice was paid. Subject: the invoice; value: the amount.</summary>
    InvoicePaid = 0x21,
    /// <summary>A payment failed. Subject: the invoice; value: the amount.</summary>
    PaymentFailed = 0x22,
    /// <summary>The customer asked for a smaller plan.</summary>
    DowngradeRequested = 0x23,
    /// <summary>The plan changed. Name: the new plan; value: the change of the recurring amount, negative when smaller.</summary>
    PlanChanged = 0x24,
    /// <summary>The number of seats paid for changed. Value: the new number.</summary>
    SeatsChanged = 0x25,
    /// <summary>The customer asked to cancel.</summary>
    CancelRequested = 0x26,
    /// <summary>The subscription has ended: the account has churned.</summary>
    SubscriptionCancelled = 0x27,
    /// <summary>A credit was issued. Value: the amount.</summary>
    CreditIssued = 0x28,

    /// <summary>An e-mail was sent to a contact. Subject: the contact.</summary>
    EmailSent = 0x31,
    /// <summary>An e-mail was opened. Subject: the contact.</summary>
    EmailOpened = 0x32,
    /// <summary>A meeting took place. Subject: the contact met.</summary>
    MeetingHeld = 0x33,
    /// <summary>An NPS survey was answered. Subject: the contact; value: 0..10; text: the comment.</summary>
    NpsAnswered = 0x34,
    /// <summary>A public review. Value: 1..5 stars; text: the review.</summary>
    ReviewPosted = 0x35,
    /// <summary>Another survey was answered. Name: the survey; value: 0..10 where it has one.</summary>
    SurveyAnswered = 0x36,

    /// <summary>A contact joined. Subject: the contact; name: champion, executive, admin or user.</summary>
    ContactJoined = 0x41,
    /// <summary>A contact left. Subject: the contact; name: champion, executive, admin or user.</summary>
    ContactLeft = 0x42,
    /// <summary>A milestone was reached. Name: the milestone.</summary>
    MilestoneReached = 0x43,
    /// <summary>A deal closed. Value: the amount.</summary>
    DealClosed = 0x44,
    /// <summary>The contract was renewed. Value: the amount.</summary>
    Renewed = 0x45,
    /// <summary>The account churned. Name: the reason.</summary>
    Churned = 0x46,
    /// <summary>A note about the account. Text: the note, of which only the sentiment is kept.</summary>
    NoteAdded = 0x47,
}
