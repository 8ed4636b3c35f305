using System.Globalization;
using HealthGrains.Grains.Tests.Actors;

namespace HealthGrains.ActorChild;

/// <summary>What a silo is told, a line each, and where the rings of its timers go.</summary>
internal sealed class Orders(IGrainFactory grains, TextWriter output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();

    /// <summary>Says a line.</summary>
    public void Say(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>
    /// "number set timer offsets" sets a timer, once however often it is tried; "number taken timer" tells how many steps it has taken.
    /// Calls to a silo that was killed fail until it is known to be dead, so they are tried until they are answered.
    /// </summary>
    public async Task TakeAsync(string order)
    {
        await Task.Yield();
        var words = order.Split(' ');
        var timer = grains.GetGrain<IKitchenTimerGrain>(words[2]);
        while (true)
        {
            try
            {
                if (words[1] == "set") await timer.HearAsync("the test", 1, Offsets(words[3]));
                var taken = await timer.TakenAsync();
                Say(string.Create(CultureInfo.InvariantCulture, $"{words[0]} {taken}"));
                return;
            }
            catch (Exception)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    /// <summary>
    /// Receivers are actors too: each ring they hear is a step of their own, due at once, so that they count what came and drop what
    /// came again. What they say themselves goes nowhere.
    /// </summary>
    public async Task HearAsync(Heard heard, CancellationToken cancellationToken)
    {
        if (heard.Timer is "cook" or "guest") return;
        await grains.GetGrain<IKitchenTimerGrain>(heard.To).HearAsync(heard.Timer, heard.Number, [0]).WaitAsync(cancellationToken);
    }

    private static long[] Offsets(string text) =>
        [.. text.Split(',').Select(offset => long.Parse(offset, CultureInfo.InvariantCulture))];
}
