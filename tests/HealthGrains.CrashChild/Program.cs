using System.Globalization;
using HealthGrains.CrashChild;
using HealthGrains.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

// Arguments: the data directory, and the first batch to send. Writes "opening", then the number of each acknowledged batch.
// With a third, the file that stands for a receiver: accounts with plays instead of batches.
if (args.Length > 2)
{
    await NumberedDetractors.RunAsync(args[0], int.Parse(args[1], CultureInfo.InvariantCulture), args[2]);
    return;
}

var next = int.Parse(args[1], CultureInfo.InvariantCulture) - 1;
var output = new Lock();
Say("opening");
var host = new EmbeddedHost(NumberedBatches.Options(args[0]), NullLogger<EmbeddedHost>.Instance);
await host.StartAsync(CancellationToken.None);
await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
{
    while (true)
    {
        var number = Interlocked.Increment(ref next);
        await host.TakeAsync(NumberedBatches.Make(number), CancellationToken.None);
        Say(number.ToString(CultureInfo.InvariantCulture));
    }
})));

void Say(string line)
{
    lock (output)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
