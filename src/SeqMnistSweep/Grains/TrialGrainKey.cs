namespace SeqMnistSweep.Grains;

/// <summary>The key of an <see cref="ITrialGrain"/>: <c>SWEEP/17#3|SILO</c>. The silo's address holds its generation, so a message for a
/// worker's earlier start can never reach the later one.</summary>
public readonly record struct TrialGrainKey(TrialId Trial, long Lease, string Silo)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Trial}#{Lease}|{Silo}");

    /// <exception cref="FormatException"><paramref name="key"/> is no such key.</exception>
    public static TrialGrainKey Parse(string key)
    {
        var bar = key.IndexOf('|', StringComparison.Ordinal);
        var hash = key.IndexOf('#', StringComparison.Ordinal);
        return hash > 0 && bar > hash
            && long.TryParse(key.AsSpan(hash + 1, bar - hash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var lease)
            ? new TrialGrainKey(TrialId.Parse(key[..hash]), lease, key[(bar + 1)..])
            : throw new FormatException($"'{key}' is no key of a trial grain");
    }
}
