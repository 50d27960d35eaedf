namespace SeqMnistSweep.Head.Live;

/// <summary>An estimate of when a sweep ends, from its own trials.</summary>
/// <param name="Seconds">From now, the expected value.</param>
/// <param name="Spread">Its standard deviation, in seconds.</param>
/// <param name="Basis">What it is computed from, as a sentence.</param>
public sealed record Eta(double Seconds, double Spread, string Basis)
{
    /// <summary>Assumes that the trials left take as long as those that have ended: the number left, divided by the trials at a time, times
    /// the mean. The spread is that of a sum of so many durations, plus that of the mean itself.</summary>
    /// <param name="left">Trials that have not ended; null when unknown.</param>
    /// <param name="parallel">Trials at a time.</param>
    /// <param name="durations">Seconds that ended trials ran.</param>
    /// <param name="elapsed">Seconds that the running trials have run so far.</param>
    /// <returns>Null when there is no estimate: no trial has ended, none runs, or the sweep has no end.</returns>
    public static Eta? Of(long? left, int parallel, IReadOnlyList<double> durations, IReadOnlyList<double> elapsed)
    {
        if (left is not { } trials || trials < 1 || parallel < 1 || durations.Count == 0) return null;

        var mean = durations.Average();
        var variance = durations.Count > 1
            ? durations.Sum(seconds => (seconds - mean) * (seconds - mean)) / (durations.Count - 1)
            : mean * mean / 4;
        var work = Math.Max(0, (trials * mean) - elapsed.Sum(seconds => Math.Min(seconds, mean)));
        var spread = Math.Sqrt((variance * trials) + (variance / durations.Count * trials * trials));
        return new Eta(
            Math.Round(work / parallel, 1), Math.Round(spread / parallel, 1),
            $"{trials} trials left, {parallel} at a time, {mean:0.#} s each by {durations.Count} that have ended");
    }
}
