namespace SeqMnistSweep.Worker.Devices;

/// <param name="Slots">Trials at once.</param>
/// <param name="Rate">Images a second of all of them together.</param>
public sealed record SlotRound(int Slots, double Rate);

/// <summary>How many trials at once a device is best used by, from what was measured.</summary>
public static class SlotChoice
{
    /// <summary>A number counts as good as the best from this share of it on: more slots than needed cost memory, and make a search that
    /// learns from its results learn later.</summary>
    private const double Enough = 0.9;

    /// <summary>The number to be measured next: twice the last one as long as that was a gain; null for none.</summary>
    /// <param name="most">The most that is wanted.</param>
    public static int? Next(IReadOnlyList<SlotRound> rounds, int most)
    {
        if (rounds.Count == 0) return 1;

        var last = rounds[^1];
        var hasGained = rounds.Count == 1 || rounds.SkipLast(1).Max(round => round.Rate) < Enough * last.Rate;
        return hasGained && last.Slots < most ? Math.Min(2 * last.Slots, most) : null;
    }

    /// <summary>The fewest within 10 % of the best; 1 where nothing was measured.</summary>
    public static int Of(IReadOnlyCollection<SlotRound> rounds) => rounds.Count == 0 ? 1
        : rounds.Where(round => round.Rate >= Enough * rounds.Max(other => other.Rate)).Min(round => round.Slots);

    /// <summary>Whether a device has memory for more trials, of which each takes as much as those that run.</summary>
    /// <param name="before">Without any; null where nobody knows, as <paramref name="now"/>.</param>
    /// <param name="slots">That run now.</param>
    public static bool HasMemory(DeviceMemory? before, DeviceMemory? now, int slots, int next) =>
        before is null || now is null || before.Used + ((now.Used - before.Used) / slots * next) <= now.Total;
}
