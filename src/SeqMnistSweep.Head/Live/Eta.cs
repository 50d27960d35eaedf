namespace SeqMnistSweep.Head.Live;

/// <summary>When a sweep will have ended, as far as its own trials tell.</summary>
/// <param name="Seconds">From now; the middle of what is to be expected.</param>
/// <param name="Spread">Half the width in which it lies two times out of three, in seconds.</param>
/// <param name="Basis">From what it is computed, for people.</param>
public sealed record Eta(double Seconds, double Spread, string Basis)
{
    /// <summary>
    /// Trials end after durations like those of the ones that have ended: their number left over the trials at a time, times the mean. The
    /// spread is that of a sum of so many of them, and of the mean itself.
    /// </summary>
    /// <param name="left">Trials that have not ended; null where nobody knows.</param>
    /// <param name="parallel">Trials at a time.</param>
    /// <param name="durations">Seconds of ended trials.</param>
    /// <param name="elapsed">Seconds that the running trials have behind them.</param>
    /// <returns>Null when nothing can be said: no trial has ended, none runs, or the sweep has no end.</returns>
    public static Eta? Of(long? left, int parallel, IReadOnlyList<double> durations, IReadOnlyList<double> elapsed)
    {
        if (left is not { } trials || trials < 1 || parallel < 1 || durations.Count == 0)
        {
            return null;
        }

        var mean = durations.Average();
        var variance = durations.Count > 1 ? durations.Sum(seconds => (seconds - mean) * (seconds - mean)) / (durations.Count - 1) : mean * mean / 4;
        var work = Math.Max(0, (trials * mean) - elapsed.Sum(seconds => Math.Min(seconds, mean)));
        var spread = Math.Sqrt((variance * trials) + (variance / durations.Count * trials * trials));
        return new Eta(Math.Round(work / parallel, 1), Math.Round(spread / parallel, 1), $"{trials} trials left, {parallel} at a time, {mean:0.#} s each by {durations.Count} that have ended");
    }
}
