using SeqMnistSweep.Worker;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>What <c>--slots</c> says: a number, or <c>auto</c>, which measures on a GPU.</summary>
/// <param name="Count">Null for <c>auto</c>.</param>
/// <param name="Most">That <c>auto</c> takes.</param>
internal sealed record SlotsWish(int? Count, int Most = SlotsWish.Usual)
{
    public const int Usual = 64;

    /// <exception cref="CommandError">It is neither.</exception>
    public static SlotsWish? Read(string? text)
    {
        if (text is null) return null;

        if (text == "auto") return new SlotsWish(Count: null);

        var isAuto = text.StartsWith("auto:", StringComparison.Ordinal);
        var digits = isAuto ? text["auto:".Length..] : text;
        if (!int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw new CommandError(ExitCodes.Usage, $"--slots takes a number, auto, or auto:N for at most N, not '{text}'");
        }

        return number < 1 ? throw new CommandError(ExitCodes.Usage, $"--slots {text} is below 1", "give 1 or more")
            : isAuto ? new SlotsWish(null, number) : new SlotsWish(number);
    }

    /// <summary>The number of slots, and what was measured for it; null where nothing was. Without a wish a GPU is measured too, and where
    /// that fails it has one slot: more would be a guess.</summary>
    /// <param name="wish">Null where nothing is said.</param>
    /// <param name="worker">With its device and its runner; its slots do not matter.</param>
    /// <param name="onCpu">Slots on a CPU.</param>
    /// <param name="measures">Whether what is built in trains on the GPU: it is what is measured with.</param>
    public static async Task<(int Slots, string? Measured)> DecideAsync(
        SlotsWish? wish, WorkerOptions worker, int onCpu, bool measures, Action<string> say, CancellationToken cancellation)
    {
        if (wish?.Count is { } count) return (count, null);

        if (worker.GpuIds.IsEmpty)
        {
            var slots = Math.Min(onCpu, wish?.Most ?? onCpu);
            Tell(slots < onCpu ? $"{Plural.Of(slots, "slot")}, though the CPU has cores for {onCpu}"
                : $"{Plural.Of(slots, "slot")}, as many as the CPU has cores for");
            return (slots, null);
        }

        if (!measures || worker.GpuIds.Length > 1)
        {
            Tell(measures ? "1 slot, for several GPUs are not measured; give a number"
                : "1 slot, for only the built-in network is measured, with a libtorch for CUDA; give a number for programs");
            return (1, null);
        }

        say("--slots auto: measuring how many trials at once the GPU is best used by; a number leaves that out");
        var measured = await SlotMeasurement.OfAsync(worker, wish?.Most ?? Usual, cancellation);
        say($"--slots auto: {measured}");
        return (measured.Slots, measured.ToString());

        void Tell(string sentence)
        {
            if (wish is not null)
            {
                say($"--slots auto: {sentence}");
            }
        }
    }
}
