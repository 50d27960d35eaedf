namespace SeqMnistSweep.Results.Tables;

/// <summary>Numbers of trials in the order of a filter and a sorting, for the pages after the first: kept while the sweep does not
/// change.</summary>
/// <param name="version">Of a sweep; grows when it changes.</param>
public sealed class TrialOrders(Func<SweepId, long> version)
{
    private const int MaxKept = 32;

    private readonly Lock _using = new();
    private readonly Dictionary<(SweepId Sweep, string? Where, string? Sort), (long Version, long[] Numbers)> _orders = [];

    internal long[] Get(SweepId sweep, string? where, string? sort, Func<long[]> read)
    {
        var now = version(sweep);
        var key = (sweep, where, sort);
        lock (_using)
        {
            if (_orders.TryGetValue(key, out var known) && known.Version == now) return known.Numbers;
        }

        var numbers = read();
        lock (_using)
        {
            if (_orders.Count >= MaxKept)
            {
                _orders.Clear();
            }

            _orders[key] = (now, numbers);
        }

        return numbers;
    }
}
