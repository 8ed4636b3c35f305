using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>A ticket that is not solved or an invoice that is not paid, and since when.</summary>
internal readonly record struct OpenItem(uint Subject, long Since);

/// <summary>What waits for somebody: open tickets, and invoices whose payment failed.</summary>
internal static class OpenItems
{
    /// <summary>Tickets that are open by what is known at a moment.</summary>
    public static List<OpenItem> Tickets(ReadOnlySpan<Happening> events, long known)
    {
        var lives = new Dictionary<uint, TicketLife>();
        foreach (ref readonly var item in events)
        {
            if (item.At > known) break;
            if (!Standing.IsTicketState(item.Kind)) continue;
            var life = lives.GetValueOrDefault(item.Subject);
            life.Take(item.Kind, item.At);
            lives[item.Subject] = life;
        }
        return [.. lives.Where(ticket => ticket.Value.IsOpen).Select(ticket => new OpenItem(ticket.Key, ticket.Value.OpenedAt))];
    }

    /// <summary>Open tickets of the highest priority, by what is known at a moment: how many, and since when the oldest is open.</summary>
    public static (int Count, long Since) Urgent(ReadOnlySpan<Happening> events, long known)
    {
        var urgent = new HashSet<uint>();
        foreach (ref readonly var item in events)
            if (item.At <= known && item.Kind == SignalKind.TicketOpened && !float.IsNaN(item.Value))
                _ = item.Value >= SignalKinds.Priorities.Count ? urgent.Add(item.Subject) : urgent.Remove(item.Subject);
        if (urgent.Count == 0) return (0, long.MaxValue);
        var open = Tickets(events, known).Where(ticket => urgent.Contains(ticket.Subject)).ToArray();
        return (open.Length, open.Length == 0 ? long.MaxValue : open.Min(ticket => ticket.Since));
    }

    /// <summary>Invoices whose payment failed and that were not paid since, with the first failure.</summary>
    public static List<OpenItem> Invoices(ReadOnlySpan<Happening> events, long known)
    {
        var unpaid = new Dictionary<uint, long>();
        foreach (ref readonly var item in events)
        {
            if (item.At > known) break;
            if (item.Kind == SignalKind.PaymentFailed) unpaid.TryAdd(item.Subject, item.At);
            else if (item.Kind == SignalKind.InvoicePaid) unpaid.Remove(item.Subject);
        }
        return [.. unpaid.Select(invoice => new OpenItem(invoice.Key, invoice.Value))];
    }

    public static OpenItemsView View(Calendar calendar, long known)
    {
        var (tickets, invoices) = (Tickets(calendar.Events.Items, known), Invoices(calendar.Events.Items, known));
        return new OpenItemsView(tickets.Count, Oldest(tickets), invoices.Count, Oldest(invoices));
    }

    /// <summary>The signals of a scenario at a moment.</summary>
    public static List<Signal> Imagine(WhatIfScenario scenario, Calendar calendar, long at)
    {
        var signals = new List<Signal>();
        var events = calendar.Events.Items;
        if (scenario.CloseTickets)
            foreach (var ticket in Tickets(events, at)) signals.Add(new Signal(0, at, SignalKind.TicketSolved, Unfold(ticket.Subject)));
        if (scenario.PayInvoices)
            foreach (var invoice in Invoices(events, at)) signals.Add(new Signal(0, at, SignalKind.InvoicePaid, Unfold(invoice.Subject)));
        foreach (var user in UsersWhoReturn(calendar, scenario.Logins, at))
            signals.Add(new Signal(0, at, SignalKind.Login, Unfold(user)));
        return signals;
    }

    /// <summary>
    /// Users of the account, those silent for longest first; where it has not as many, users it never had. Of a sketch, so many as stand
    /// for all: the logins of the others count, and who they are does not.
    /// </summary>
    private static IEnumerable<uint> UsersWhoReturn(Calendar calendar, int logins, long at)
    {
        var scale = calendar.Users.Scale;
        var told = scale > 1 ? (int)Math.Min(logins, Math.Round(logins / scale)) : logins;
        var today = Days.Of(at);
        var known = calendar.Users.Items.ToArray().OrderByDescending(user => Silence(user.Days, today)).ThenBy(user => user.Id)
            .Take(told).Select(user => user.Id).ToArray();
        var others = Math.Max(0, told - known.Length);
        return [.. known, .. Enumerable.Range(1, others).Select(k => NameId.Of("what-if-user-" + k)), .. new uint[logins - told]];
    }

    private static int Silence(DayMask days, int today)
    {
        for (var back = 0; back < Calendar.Rows; back++)
            if (days.Overlaps(DayMask.Slot(Calendar.Slot(today - back)))) return back;
        return Calendar.Rows;
    }

    private static DateTimeOffset? Oldest(List<OpenItem> items) => items.Count == 0 ? null : Days.Time(items.Min(item => item.Since));

    // A calendar keeps the upper half of a subject; any number with that half stands for it.
    private static ulong Unfold(uint subject) => (ulong)subject << 32;
}
