namespace SeqMnistSweep.Worker.Programs;

/// <summary>Which steps of a program are kept: all at first, then every second, every fourth, ... so that a million of them become some
/// thousand, which a curve shows as well.</summary>
internal sealed class StepThinning
{
    /// <summary>Kept before the distance doubles.</summary>
    public const int Span = 1000;

    private const int MaxKinds = 100;

    private readonly Dictionary<string, (long Next, long Distance, int Kept)> _kinds = new(StringComparer.Ordinal);

    /// <param name="names">Rows with other metrics are counted for themselves: a program may log them in turn.</param>
    public bool Takes(long step, IEnumerable<string> names)
    {
        var kind = string.Join('\n', names);
        if (!_kinds.TryGetValue(kind, out var at))
        {
            if (_kinds.Count >= MaxKinds) return false;

            at = (long.MinValue, 1, 0);
        }

        if (step < at.Next) return false;

        var kept = at.Kept + 1;
        _kinds[kind] = (step + at.Distance, kept % Span == 0 ? at.Distance * 2 : at.Distance, kept);
        return true;
    }
}
