namespace HealthGrains.Simulation;

/// <summary>What people write to support, by mood; {0} is a feature in words.</summary>
internal static class TicketTexts
{
    /// <summary>Categories of tickets; the first ones are calm, the others trouble.</summary>
    public static readonly string[] Calm = ["howTo", "howTo", "featureRequest", "access", "billing"];

    /// <summary>Categories of tickets written in anger.</summary>
    public static readonly string[] Trouble = ["bug", "bug", "performance", "integration", "outage", "billing"];

    private static readonly string[] NeutralBodies =
    [
        "How do I set up {0} for a new team? We could not find it in the guide.",
        "Question about {0}: is there a way to limit it to one department?",
        "Could you tell us whether {0} can be used with single sign-on?",
        "We would like to change the owner of {0}. Where is that setting?",
        "Is it possible to copy {0} from one workspace to another?",
        "A new colleague needs access to {0}. Which role should we give them?",
        "Can we schedule {0} for the first working day of the month?",
        "Please explain how entries that were edited twice are counted in {0}.",
        "Which time zone applies in {0} when the team is in two countries?",
        "We are reviewing our set-up and want to know the limits of {0}.",
    ];

    private static readonly string[] GratefulBodies =
    [
        "Thank you for the quick help last time, it worked perfectly. One small question about {0}: can we share it outside the team?",
        "We love the new {0}, great work! Is there a tutorial that we can pass on?",
        "Working with {0} saves us hours every week, thanks a lot. Could you tell us how to add a second approver?",
        "Really happy with {0} so far. Just checking whether the beta is open to us as well.",
        "Great product and excellent support as always. How do we invite ten more people to {0}?",
        "Everything runs smoothly, thank you. We only wonder whether a summary of {0} can be sent on Mondays.",
    ];

    private static readonly string[] IrritatedBodies =
    [
        "The page of {0} does not work as described. We have tried it three times and it fails with an error.",
        "Everything in {0} has become slow again. Pages take more than a minute and the team is getting frustrated.",
        "This is the second time we report a problem with {0}. Please look into it properly.",
        "The numbers in {0} are wrong since the last update. It is annoying to check everything by hand.",
        "Our settings of {0} keep getting lost. We expected this to be fixed by now.",
        "We are disappointed by {0}. Entries are missing and nobody told us.",
        "The export from {0} is broken, and we are still waiting for an answer to our last question.",
        "The page of {0} is confusing and the documentation does not help. Our users are complaining.",
    ];

    private static readonly string[] FuriousBodies =
    [
        "Everything in {0} is down AGAIN and nobody answers. This is unacceptable, we are losing a day of work.",
        "We have been waiting for a week for a fix of {0}. This is the worst support we have ever had.",
        "Our data in {0} were deleted! This is a disaster. We want to speak to a manager today.",
        "This is ridiculous. We have had failures in {0} every single day this month. We are looking at alternatives.",
        "Completely useless: after four tickets, everything about {0} is still broken. We are done being patient.",
        "Your last release ruined {0}. Our board is angry and we are considering cancelling the contract.",
        "Terrible. The page of {0} crashed in front of our own customers. How is this still not solved?",
        "We pay a lot of money for {0} and it simply does not work. Fix it or refund us.",
    ];

    private static readonly string[] AgentReplies =
    [
        "Hello, we are looking into this and will come back to you.",
        "Could you send us a screenshot and the time at which it happened?",
        "You find this under Settings, Workspace. Let us know if it does not appear.",
        "Our engineers have reproduced it. A change is planned for the next release.",
        "We have changed the setting on our side. Please try again.",
    ];

    private static readonly string[] CalmReplies =
    [
        "Thanks, that worked.", "Here is the screenshot that you asked for.", "Understood, we will try it tomorrow.",
        "Perfect, thank you for the help!",
    ];

    private static readonly string[] AngryReplies =
    [
        "Still not working. We have already sent you all of this twice.",
        "No, this does not solve anything. Please escalate it.",
        "It failed again an hour later. This is really frustrating.",
        "Is anybody reading our messages? We have been waiting for days.",
    ];

    /// <summary>A ticket's text.</summary>
    public static string Body(Mood mood, Rng rng)
    {
        var feature = Catalogue.InWords(rng.Pick(Catalogue.Features));
        var text = rng.Pick(mood switch
        {
            Mood.Furious => FuriousBodies, Mood.Irritated => IrritatedBodies, Mood.Grateful => GratefulBodies, _ => NeutralBodies,
        });
        return text.Replace("{0}", feature, StringComparison.Ordinal);
    }

    /// <summary>A reply of the support desk.</summary>
    public static string FromAgent(Rng rng) => rng.Pick(AgentReplies);

    /// <summary>A reply of the customer.</summary>
    public static string FromCustomer(Mood mood, Rng rng) => rng.Pick(mood < Mood.Neutral ? AngryReplies : CalmReplies);
}
