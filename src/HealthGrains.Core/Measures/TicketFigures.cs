using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Measures;

/// <summary>What the tickets say at a moment. Everything recent fades over 30 days, so that nothing leaves with a jump.</summary>
internal struct TicketFigures
{
    private const double RecentDays = 30;
    private const double HoursPerMilli = 1 / 3_600_000.0;

    /// <summary>Tickets open.</summary>
    public int Open;
    /// <summary>Weight of the texts behind <see cref="Sentiment"/>.</summary>
    public double SentimentWeight;
    /// <summary>Mean sentiment, -100..100.</summary>
    public double Sentiment;
    /// <summary>Weight of the tickets behind <see cref="HoursToSolve"/>.</summary>
    public double SolvedWeight;
    /// <summary>Mean hours from the last opening to its solving; one still open counts with its age if that is over a day.</summary>
    public double HoursToSolve;
    /// <summary>Tickets opened again, and tickets of a category that another of the last 30 days had.</summary>
    public double Repeats;

    public static TicketFigures Read(ReadOnlySpan<Happening> events, long at, long known)
    {
        var figures = default(TicketFigures);
        // As many as there can be, once a thread: this runs for every account and every day.
        var tickets = _tickets ??= new Ticket[Calendar.MaxEvents];
        var count = 0;
        foreach (ref readonly var item in events)
        {
            if (item.At > known) break;
            if (item.Kind.Source() != SignalSource.Ticket) continue;
            var recent = Observation.Fading((at - item.At) / (double)Days.Millis, RecentDays);
            if (item.Sentiment != Signal.NoSentiment) figures.AddSentiment(item.Sentiment, recent);
            if (item.Kind == SignalKind.TicketCsat && !float.IsNaN(item.Value)) figures.AddSentiment((item.Value - 3) * 50, recent);
            if (!Standing.IsTicketState(item.Kind)) continue;
            var index = Find(tickets.AsSpan(0, count), item.Subject);
            if (index < 0)
            {
                if (count == tickets.Length) continue;
                index = count++;
                tickets[index] = new Ticket { Subject = item.Subject };
            }
            figures.Move(ref tickets[index], tickets.AsSpan(0, count), item, recent);
        }
        figures.Settle(tickets.AsSpan(0, count), at);
        return figures;
    }

    private void Move(ref Ticket ticket, ReadOnlySpan<Ticket> others, in Happening item, double recent)
    {
        ticket.Life.Take(item.Kind, item.At);
        if (item.Kind == SignalKind.TicketReopened) Repeats += recent;
        if (item.Kind != SignalKind.TicketOpened || item.Name == 0) return;
        (ticket.Category, ticket.CategoryAt) = (item.Name, item.At);
        if (recent > 0) Repeats += recent * RepeatOf(others, ticket);
    }

    // A fading share, since the ticket before fades too: the nearer in time, the more it is the same trouble.
    private static double RepeatOf(ReadOnlySpan<Ticket> others, in Ticket ticket)
    {
        var share = 0.0;
        foreach (ref readonly var other in others)
            if (other.Category == ticket.Category && other.Subject != ticket.Subject)
                share = Math.Max(share, Observation.Fading((ticket.CategoryAt - other.CategoryAt) / (double)Days.Millis, RecentDays));
        return share;
    }

    private void Settle(ReadOnlySpan<Ticket> tickets, long at)
    {
        double hours = 0;
        foreach (ref readonly var ticket in tickets)
        {
            ref readonly var life = ref ticket.Life;
            if (life.IsOpen)
            {
                Open++;
                // An old open ticket is slow already; a new one says nothing yet.
                var age = (at - life.OpenedAt) * HoursPerMilli;
                var weight = Math.Clamp((age - 24) / 48, 0, 1);
                SolvedWeight += weight;
                hours += weight * age;
            }
            else if (life.HasOpening)
            {
                var weight = Observation.Fading((at - life.SolvedAt) / (double)Days.Millis, RecentDays);
                SolvedWeight += weight;
                hours += weight * (life.SolvedAt - life.OpenedAt) * HoursPerMilli;
            }
        }
        if (SolvedWeight > 0) HoursToSolve = hours / SolvedWeight;
        if (SentimentWeight > 0) Sentiment /= SentimentWeight;
    }

    private void AddSentiment(double sentiment, double weight)
    {
        Sentiment += weight * sentiment;
        SentimentWeight += weight;
    }

    private static int Find(ReadOnlySpan<Ticket> tickets, uint subject)
    {
        for (var k = tickets.Length - 1; k >= 0; k--)
            if (tickets[k].Subject == subject) return k;
        return -1;
    }

    [ThreadStatic]
    private static Ticket[]? _tickets;

    private struct Ticket
    {
        public uint Subject, Category;
        public long CategoryAt;
        public TicketLife Life;
    }
}
