namespace SeqMnistSweep.Sampling;

/// <summary>After which epoch losses are compared: the last that enough configurations reached.</summary>
/// <param name="enough">Configurations.</param>
internal sealed class ComparedBudget(int enough)
{
    private readonly SortedDictionary<int, int> _lengths = [];   // of the curves of those that did not complete
    private int _completed;

    /// <param name="by">1 for one more, -1 for one less.</param>
    public void Count(Standing standing, int by)
    {
        if (standing.IsCompleted)
        {
            _completed += by;
        }
        else if (standing.Length > 0)
        {
            _lengths[standing.Length] = _lengths.GetValueOrDefault(standing.Length) + by;
            if (_lengths[standing.Length] == 0)
            {
                _lengths.Remove(standing.Length);
            }
        }
    }

    /// <returns>The largest integer for completed trials.</returns>
    public int Choose()
    {
        if (_completed >= enough || _lengths.Count == 0) return int.MaxValue;

        var there = _completed;
        foreach (var (length, count) in _lengths.Reverse())
        {
            there += count;
            if (there >= enough) return length;
        }

        return _lengths.Keys.First();
    }
}
