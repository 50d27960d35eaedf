using SeqMnistSweep.Worker;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>How the trials of a process share its device: how many there are at once, and on a GPU NVIDIA MPS, which ends with this.</summary>
/// <param name="Measured">What the number of slots was taken from; null where nothing was measured.</param>
internal sealed record SharedDevice(int Slots = 1, string? Measured = null, MpsDaemon? Mps = null) : IAsyncDisposable
{
    /// <summary>By one trial at a time.</summary>
    public static SharedDevice Alone { get; } = new();

    /// <param name="worker">The options of a worker that shares its device so; its runners are measured.</param>
    /// <param name="noMps">Start none.</param>
    /// <inheritdoc cref="SlotsWish.DecideAsync" path="/param"/>
    public static async Task<SharedDevice> OfAsync(
        HeldDevice held, SlotsWish? wish, Func<SharedDevice, WorkerOptions> worker, int onCpu, bool measures, bool noMps, string folder,
        CommandContext context, CancellationToken cancellation)
    {
        var mayShare = (wish?.Count ?? (measures ? 2 : 1)) > 1;
        var alone = new SharedDevice(Mps: await GpuMps.StartAsync(held, mayShare && !noMps, folder, context));
        try
        {
            var (slots, measured) = await SlotsWish.DecideAsync(wish, worker(alone), onCpu, measures, context.Say, cancellation);
            if (slots > 1) return alone with { Slots = slots, Measured = measured };

            await alone.DisposeAsync();
            return new SharedDevice(slots, measured);
        }
        catch
        {
            await alone.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is known of the device, and how its number of slots was found.</summary>
    public ImmutableSortedDictionary<string, string> FactsOf(DeviceSelection device) =>
        Measured is null ? device.Facts : device.Facts.Add("slots", Measured);

    public ValueTask DisposeAsync() => Mps?.DisposeAsync() ?? ValueTask.CompletedTask;
}
