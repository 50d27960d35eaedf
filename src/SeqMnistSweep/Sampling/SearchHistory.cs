namespace SeqMnistSweep.Sampling;

/// <summary>What an adaptive sampler may look at: every configuration made so far, however it came into the sweep. The schedule writes it;
/// after a restart it is rebuilt from the stored trials and reports.</summary>
public sealed class SearchHistory
{
    private readonly List<Observation> _configurations = [];
    private readonly List<int> _log = [];
    private readonly SortedSet<int> _open = [];

    /// <summary>Configuration n at index n - 1.</summary>
    public IReadOnlyList<Observation> Configurations => _configurations;

    /// <summary>The number of the configuration that was added or changed, for every change, oldest first: whoever remembers how many it
    /// has seen reads on from there.</summary>
    public IReadOnlyList<int> Log => _log;

    /// <summary>Numbers of those that have not ended.</summary>
    public IReadOnlyCollection<int> Open => _open;

    /// <summary>Adds the next configuration, or replaces what is known of one.</summary>
    public void Put(Observation observation)
    {
        if (observation.Configuration <= _configurations.Count && observation.SaysTheSameAs(_configurations[observation.Configuration - 1]))
        {
            return;
        }

        if (observation.Configuration == _configurations.Count + 1)
        {
            _configurations.Add(observation);
        }
        else
        {
            _configurations[observation.Configuration - 1] = observation;
        }

        if (observation.IsOpen)
        {
            _open.Add(observation.Configuration);
        }
        else
        {
            _open.Remove(observation.Configuration);
        }

        _log.Add(observation.Configuration);
    }

    /// <summary>What is known now. With the sweep's results it gives the history back; see <see cref="AsSeen"/>.</summary>
    public SearchMark Mark() => new(
        _configurations.Count,
        [.. _open.Select(number => _configurations[number - 1])
            .Select(
                seen => new OpenConfiguration(
                    seen.Configuration, seen.Curve.Length, seen.Curve.Length > 0 && seen.State == ObservationState.Paused))]);

    /// <summary>The history as it was when <paramref name="mark"/> was made. Exact but for a trial that had ended by then and was given
    /// more to do later: a retry, more seeds.</summary>
    public SearchHistory AsSeen(SearchMark mark)
    {
        var open = mark.Open.ToDictionary(seen => seen.Configuration);
        var history = new SearchHistory();
        foreach (var known in _configurations.Take(mark.Configurations))
        {
            history.Put(open.TryGetValue(known.Configuration, out var seen)
                ? known.Before(seen.Epochs, seen.IsPaused ? ObservationState.Paused : ObservationState.Running)
                : known);
        }

        return history;
    }
}

/// <summary>What an adaptive sampler knew when it proposed.</summary>
/// <param name="Configurations">Their number; all but those in <paramref name="Open"/> had ended.</param>
public sealed record SearchMark(int Configurations, ImmutableArray<OpenConfiguration> Open)
{
    /// <summary>For people: <c>40 configurations, open 38@2 40</c> is 40, all ended but 38, which told of 2 epochs, and 40.</summary>
    public override string ToString() => $"{Configurations} configurations{(Open.IsEmpty ? "" : $", open {string.Join(' ', Open)}")}";
}

/// <summary>A configuration that had not ended.</summary>
/// <param name="Epochs">Epochs that it had reported.</param>
/// <param name="IsPaused">Whether it waited at a rung.</param>
public readonly record struct OpenConfiguration(int Configuration, int Epochs, bool IsPaused)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Configuration}{(Epochs > 0 ? $"@{Epochs}{(IsPaused ? "p" : "")}" : "")}";
}
