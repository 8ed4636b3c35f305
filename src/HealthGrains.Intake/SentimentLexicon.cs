using System.Collections.Frozen;
using System.Text;

namespace HealthGrains.Intake;

/// <summary>What a word does to others.</summary>
internal enum WordRole : byte { Plain, Negation, Contrast, Interrogative }

/// <summary>A word of the lexicon.</summary>
internal readonly record struct LexiconEntry(float Valence, float Boost, WordRole Role, bool EndsPhrase);

/// <summary>
/// Words and phrases with their weight, -4 hostile to 4 delighted; everyday words carry VADER's weight, rounded, and those of
/// the support desk ours. A word is known by a 64-bit FNV-1a hash of its small letters: nothing is allocated to look it up.
/// </summary>
internal static class SentimentLexicon
{
    public const ulong EmptyWord = 14695981039346656037;

    private static readonly (float Valence, string Words)[] Weighted =
    [
        // What does not do what it should: the plainest form of a complaint.
        (-0.6f, "doesn't, does not, isn't, is not, are not, aren't, hasn't, has not, haven't, won't, nobody, not being, zero, unless, empty, deadline, complex, to load"),
        (-3.4f, "unacceptable, unusable, furious, outrageous, disgusting, scam, fraud, horrible, horrendous, worst, hate, disgrace, appalling, "
            + "abysmal, atrocious, waste of time, waste of money, losing money, lost money, losing customers, losing business, lawsuit, legal action, "
            + "data loss, lost data, lost our data, worst support, rip off, fed up, sick of, last straw, 🤬"),
        (-2.8f, "terrible, awful, angry, ridiculous, useless, garbage, trash, joke, pathetic, nightmare, disaster, catastrophic, outage, "
            + "incompetent, breach, refund, cancelling, canceling, cancellation, switching to, moving to a, competitor, livid, "
            + "money back, want to cancel, going to cancel, cancel our, not acceptable, not good enough, isn't good enough, production down, system down, site down, completely down, considering leaving, not renew, not to renew, won't renew, not be renewing, not renewing, thinking of leaving, looking for alternatives, looking at alternatives, going to leave, 😡, 😠"),
        (-2.2f, "frustrated, frustrating, frustration, disappointed, disappointing, disappointment, broken, bad, poor, poorly, unhappy, upset, "
            + "annoyed, annoying, crash, crashes, crashed, crashing, unreliable, unstable, overpriced, ignored, fails, failing, failed, failure, "
            + "failures, blocked, blocker, losing, regret, escalate, escalating, escalation, corrupt, corrupted, stuck, mess, buggy, rude, dreadful, "
            + "cannot log in, can't log in, cannot login, can't login, unable to log, cannot access, can't access, not working, doesn't work, does not work, "
            + "don't work, do not work, didn't work, did not work, won't work, isn't working, stopped working, aren't working, no longer works, "
            + "no longer working, no longer work, not usable, no response, no reply, no answer, nobody answers, nobody replied, no help, still waiting, "
            + "wasted, wasting, miserable, hopeless, neglected, unprofessional, careless, misleading, misled, lied, lying, insulting, "
            + "went down, is down, are down, still down, not happy, not satisfied, let down, stopped responding, keeps happening, worse, made it worse, disappoint, disappoints, dismissive, hurting, hurts, harmful, embarrassing, makes no sense, make no sense, crazy, charged twice, charged us twice, double charged, overcharged, never gets back, never get back, never replied, not what we, nothing but trouble, how many times, how much longer, 😤, 👎, 💔"),
        (-1.6f, "bug, bugs, error, errors, issue, issues, problem, problems, trouble, slow, slowly, laggy, sluggish, confusing, confused, "
            + "complicated, expensive, wrong, incorrect, missing, lost, delay, delays, delayed, downtime, timeout, timeouts, complaint, "
            + "complain, urgent, urgently, asap, concerned, worried, worry, unresponsive, unresolved, hard to, difficult, painful, pain, fail, lacking, "
            + "lacks, unclear, unfortunately, unfortunate, sad, dissatisfied, unsatisfied, churn, glitch, glitchy, glitches, defect, broke, breaks, "
            + "breaking, third time, fourth time, fifth time, second time, once again, yet again, too long, too slow, too expensive, too many, "
            + "over and over, for days, for weeks, for hours, not able to, not possible, can't use, cannot use, not helpful, doesn't help, did not help, "
            + "didn't help, not good, not great, never again, no idea, no progress, give up, gave up, without notice, without warning, without an answer, without answer, incident, incidents, complaints, complaining, has stopped, have stopped, empty file, too complex, already opened, already reported, already asked, spinning, spins, timing out, time out, kept waiting, leaving, i'm done, we're done, lose, loses, freezing, kicked out, logs me out, logged out, none of the, not run, doesn't load, does not load, won't load, not loading, not updating, isn't updating, does not update, doesn't update, not syncing, fails to, isn't there, aren't there, not there, weeks ago, months ago, keeps asking, same question, same questions, :(, 😢, 😞, 😟, 😕, 🙁, ☹"),
        (-0.9f, "unable, cannot, can't, cant, couldn't, lack, difficulty, trouble with, denied, refused, reject, rejected, cancel, "
            + "downgrade, disconnected, promised, supposed to, how long, restart, forever, freeze, freezes, frozen, hang, hangs, be resolved, be fixed, be solved, to fix, please fix, get fixed, clunky, outdated, inconsistent, waiting, struggle, struggling, "
            + "inconvenient, inconvenience, limited, hopefully, mediocre, meh, apparently, not sure, workaround"),
        (0.8f, "works, working, work fine, ok, okay, fine, helped, useful, clear, ready, welcome, please keep, hope, valuable, "
            + "sorted, cleared, sorted out, back up, interested, improved, improvement, improvements, better, stable"
            + ", saves, cleaner, nicer, easier than, buy again, comfortable, convenient, handy, neat, cool"),
        (1.7f, "thanks, thank, thankful, thx, ty, cheers, appreciate, appreciated, appreciates, grateful, resolved, fixed, solved, easy, positive, trust, exactly what, everything we need, easily, easier, helpful, "
            + "nice, good, glad, pleased, satisfied, fast, faster, quick, quickly, reliable, smooth, smoothly, intuitive, "
            + "responsive, recommended, like it, all good, no problem, no problems, no issues, works now, works again, working now, working again, "
            + "works fine, works well, as expected, friendly, kind, patient, polite, professional, simple, solid, success, successful, "
            + "successfully, saves time, saved us, saves us, save us, saving us, did the trick, does the trick, fair, clean, pleasure, enjoyed, efficient, effective, welcoming, thoughtful, well done, kudos, :), 🙂, 😊, 👍, ✅"),
        (2.5f, "happy, great, recommend, impressed, impressive, enjoy, enjoying, best, beautiful, brilliant, delighted, thrilled, works great, works perfectly, "
            + "thank you, thanks a lot, many thanks, can't wait, big fan, game changer, love it, great job, great work, great support, very helpful, "
            + "super helpful, not a problem, exceeded our expectations, above and beyond, worth every, made my day, 😀, 😃, 😄, 🎉, 🙏"),
        (3.1f, "love, loved, loves, excellent, awesome, amazing, fantastic, wonderful, perfect, perfectly, outstanding, superb, "
            + "exceptional, phenomenal, incredible, stellar, flawless, couldn't be happier, can't recommend enough, cannot recommend enough, "
            + "highly recommend, lifesaver, ❤, 😍, 🤩"),
    ];

    // Phrases that hold words of weight but have none.
    private const string Neutral =
        "like to, kind of, good morning, good afternoon, good evening, good day, best regards, kind regards, error message, error log, error code, issue tracker, "
        + "problem statement, well as, fast track, clear cache, best practice, best practices, best way, work out, bug report, "
        + "hang on, fine tune, nice to have, thanks in advance, how easy, lost and found, missing from, for hours of, working hours, working day, working days, "
        + "working on, ready to, interested in, no longer need"
        + ", nothing but, failed payments, failed payment, error rate, error rates, zero trust, error handling, error budget, cancel a, cancel the, leaving the, restart the, issue type, issue types, bug fix, bug fixes, fixed price, fixed term";

    private const string Negations =
        "not, no, never, none, nothing, neither, nor, without, hardly, barely, cannot, can't, cant, won't, wont, don't, dont, doesn't, doesnt, "
        + "didn't, didnt, isn't, isnt, aren't, arent, wasn't, wasnt, weren't, wouldn't, wouldnt, couldn't, couldnt, shouldn't, haven't, "
        + "hasn't, hadn't, ain't, nobody, zero";

    private const string Contrasts = "but, however, although, though, yet";

    // What opens a question that asks for information: a word of weight in it is its topic more than its tone.
    private const string Interrogatives = "how, what, which, where, who, when, do, does";

    private const string Intensifiers =
        "very, really, extremely, absolutely, completely, totally, so, too, incredibly, super, highly, utterly, truly, deeply, still, "
        + "constantly, always, repeatedly, again, seriously, entirely, increasingly, quite, especially, most, more, every, such";

    private const string Dampers = "slightly, somewhat, little, bit, partly, fairly, mostly, occasionally, sometimes, minor, small, almost, kinda, rather";

    private static readonly FrozenDictionary<ulong, LexiconEntry> Entries;
    private static readonly FrozenDictionary<ulong, float> Phrases;

    static SentimentLexicon()
    {
        var entries = new Dictionary<ulong, LexiconEntry>();
        var phrases = new Dictionary<ulong, float>();
        foreach (var (valence, words) in Weighted)
            foreach (var item in Items(words)) Put(item, valence);
        foreach (var item in Items(Neutral)) Put(item, 0);
        foreach (var word in Items(Negations)) Change(word, entry => entry with { Role = WordRole.Negation });
        foreach (var word in Items(Contrasts)) Change(word, entry => entry with { Role = WordRole.Contrast });
        foreach (var word in Items(Interrogatives)) Change(word, entry => entry with { Role = WordRole.Interrogative });
        foreach (var word in Items(Intensifiers)) Change(word, entry => entry with { Boost = 0.293f });
        foreach (var word in Items(Dampers)) Change(word, entry => entry with { Boost = -0.293f });
        Entries = entries.ToFrozenDictionary();
        Phrases = phrases.ToFrozenDictionary();

        void Put(string item, float valence)
        {
            var words = item.Split(' ');
            if (words.Length == 1)
            {
                Change(item, entry => entry with { Valence = valence });
                return;
            }
            Change(words[^1], entry => entry with { EndsPhrase = true });
            phrases[words.Select(Hash).Aggregate(Join)] = valence;
        }

        void Change(string word, Func<LexiconEntry, LexiconEntry> change) =>
            entries[Hash(word)] = change(entries.GetValueOrDefault(Hash(word)));
    }

    public static ulong Append(ulong word, byte next) => (word ^ next) * 1099511628211;

    public static LexiconEntry Find(ulong word) => Entries.GetValueOrDefault(word);

    public static bool TryPhrase(ulong first, ulong second, out float valence) => Phrases.TryGetValue(Join(first, second), out valence);

    public static bool TryPhrase(ulong first, ulong second, ulong third, out float valence) =>
        Phrases.TryGetValue(Join(Join(first, second), third), out valence);

    private static ulong Join(ulong phrase, ulong word) => (phrase * 0x9E3779B97F4A7C15) ^ word;

    private static ulong Hash(string word) => Encoding.UTF8.GetBytes(word).Aggregate(EmptyWord, Append);

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
