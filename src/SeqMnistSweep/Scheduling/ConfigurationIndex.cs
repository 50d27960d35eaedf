using System.Runtime.InteropServices;

namespace SeqMnistSweep.Scheduling;

/// <summary>A sweep's configurations by number, counted from 1, each by its first trial; and which of them have given parameters.</summary>
internal sealed class ConfigurationIndex(IReadOnlyDictionary<int, TrialRecord> trials)
{
    private readonly List<int> _firstTrial = [];                       // of configuration n at n - 1
    private readonly List<int> _same = [];                             // the configuration before it with the same hash; 0 for none
    private readonly Dictionary<int, int> _last = [];                  // by the hash of its parameters

    public int Count => _firstTrial.Count;

    public IEnumerable<ParameterSet> All => Enumerable.Range(1, Count).Select(ParametersOf);

    public ParameterSet ParametersOf(int configuration) => trials[_firstTrial[configuration - 1]].Parameters;

    /// <summary>Notes the trial's configuration, unless it is known.</summary>
    public void Add(TrialRecord trial)
    {
        if (trial.Configuration <= Count) return;

        if (trial.Configuration != Count + 1)
        {
            throw new InvalidOperationException($"configuration {trial.Configuration} does not follow configuration {Count}");
        }

        _firstTrial.Add(trial.Number);
    }

    /// <summary>Numbers of the first trials of the configurations with these parameters.</summary>
    public IEnumerable<int> TrialsWith(ParameterSet parameters)
    {
        LookThrough();
        var last = _last.GetValueOrDefault(parameters.GetHashCode());
        for (var configuration = last; configuration > 0; configuration = _same[configuration - 1])
        {
            if (ParametersOf(configuration).Equals(parameters))
            {
                yield return _firstTrial[configuration - 1];
            }
        }
    }

    /// <summary>Most methods never ask which configurations are alike, so nobody looks before somebody does.</summary>
    private void LookThrough()
    {
        for (var configuration = _same.Count + 1; configuration <= Count; configuration++)
        {
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, ParametersOf(configuration).GetHashCode(), out _);
            _same.Add(last);
            last = configuration;
        }
    }
}
