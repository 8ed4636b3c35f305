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
    /// <summary>Mean hours from opening to solving; a ticket still open counts with its age where that is longer than a day.</summary>
    public double HoursToSolve;
    /// <summary>Tickets opened again, and tickets of a category that another of the last 30 days had.</summary>
    public double Repeats;

    public static TicketFigures Read(ReadOnlySpan<Happening> events, long at, long known)
    {
        var figures = default(TicketFigures);
        Span<Ticket> tickets = stackalloc Ticket[Math.Min(events.Length, 64)];
        if (events.Length > 64) tickets = new Ticket[Math.Min(CountOpened(events), Calendar.MaxEvents)];
        var count = 0;
        foreach (ref readonly var item in events)
        {
            if (item.At > known) break;
            if (item.Kind.Source() != SignalSource.Ticket) continue;
            var recent = Observation.Fading((at - item.At) / (double)Days.Millis, RecentDays);
            if (item.Sentiment != Signal.NoSentiment) figures.AddSentiment(item.Sentiment, recent);
            if (item.Kind == SignalKind.TicketCsat && !float.IsNaN(item.Value)) figures.AddSentiment((item.Value - 3) * 50, recent);
            if (!Standing.IsTicketState(item.Kind)) continue;
            var index = Find(tickets[..count], item.Subject);
            if (index < 0)
            {
                if (count == tickets.Length) continue;
                index = count++;
                tickets[index] = new Ticket { Subject = item.Subject };
            }
            figures.Move(ref tickets[index], tickets[..count], item, recent);
        }
        figures.Settle(tickets[..count], at);
        return figures;
    }

    private void Move(ref Ticket ticket, ReadOnlySpan<Ticket> others, in Happening item, double recent)
    {
        switch (item.Kind)
        {
            case SignalKind.TicketOpened when !ticket.IsOpened:
                ticket.OpenedAt = item.At;
                ticket.IsOpened = true;
                ticket.IsOpen = !ticket.IsSolved;
                ticket.Category = item.Name;
                if (item.Name != 0 && recent > 0) Repeats += recent * RepeatOf(others, ticket);
                break;
            case SignalKind.TicketReopened:
                ticket.IsOpen = true;
                ticket.IsSolved = false;
                if (!ticket.IsOpened) (ticket.OpenedAt, ticket.IsOpened) = (item.At, true);
                Repeats += recent;
                break;
            case SignalKind.TicketSolved:
                ticket.IsOpen = false;
                ticket.IsSolved = true;
                ticket.SolvedAt = item.At;
                break;
        }
    }

    // A fading share, since the ticket before fades too: the nearer in time, the more it is the same trouble.
    private static double RepeatOf(ReadOnlySpan<Ticket> others, in Ticket ticket)
    {
        var share = 0.0;
        foreach (ref readonly var other in others)
            if (other.IsOpened && other.Subject != ticket.Subject && other.Category == ticket.Category)
                share = Math.Max(share, Observation.Fading((ticket.OpenedAt - other.OpenedAt) / (double)Days.Millis, RecentDays));
        return share;
    }

    private void Settle(ReadOnlySpan<Ticket> tickets, long at)
    {
        double hours = 0;
        foreach (ref readonly var ticket in tickets)
        {
            if (ticket.IsOpen)
            {
                Open++;
                // An old open ticket is slow already; a new one says nothing yet.
                var age = (at - ticket.OpenedAt) * HoursPerMilli;
                var weight = Math.Clamp((age - 24) / 48, 0, 1);
                SolvedWeight += weight;
                hours += weight * age;
            }
            else if (ticket.IsOpened)
            {
                var weight = Observation.Fading((at - ticket.SolvedAt) / (double)Days.Millis, RecentDays);
                SolvedWeight += weight;
                hours += weight * Math.Max(0, ticket.SolvedAt - ticket.OpenedAt) * HoursPerMilli;
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

    private static int CountOpened(ReadOnlySpan<Happening> events)
    {
        var count = 0;
        foreach (ref readonly var item in events)
            if (Standing.IsTicketState(item.Kind)) count++;
        return count;
    }

    private static int Find(ReadOnlySpan<Ticket> tickets, uint subject)
    {
        for (var k = tickets.Length - 1; k >= 0; k--)
            if (tickets[k].Subject == subject) return k;
        return -1;
    }

    private struct Ticket
    {
        public uint Subject, Category;
        public long OpenedAt, SolvedAt;
        public bool IsOpened, IsOpen, IsSolved;
    }
}
