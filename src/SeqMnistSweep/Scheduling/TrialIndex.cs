using System.Runtime.InteropServices;

namespace SeqMnistSweep.Scheduling;

/// <summary>A sweep's trials, and which of them are in which state, at which start of a worker, of which configuration.</summary>
internal sealed class TrialIndex
{
    private readonly SortedSet<int> _queued = [];
    private readonly HashSet<int> _active = [];
    private readonly SortedSet<int> _failed = [];
    private readonly Dictionary<string, HashSet<int>> _activeAt = [];
    private readonly Dictionary<TrialState, int> _count = Enum.GetValues<TrialState>().ToDictionary(state => state, _ => 0);

    /// <param name="packs">As for a <see cref="TrialCollection"/>.</param>
    public TrialIndex(bool packs)
    {
        Trials = new TrialCollection(packs);
        Configurations = new ConfigurationIndex(Trials);
    }

    public TrialCollection Trials { get; }

    public ConfigurationIndex Configurations { get; }

    public IReadOnlyDictionary<TrialState, int> Count => _count;

    /// <summary>Numbers in order, as those of <see cref="Failed"/>.</summary>
    public IReadOnlyCollection<int> Queued => _queued;

    /// <summary>Numbers of those that hold a slot.</summary>
    public IReadOnlyCollection<int> Active => _active;

    public IReadOnlyCollection<int> Failed => _failed;

    /// <summary>Reported, of all trials together, whether they count or not.</summary>
    public long Epochs { get; private set; }

    /// <summary>Numbers of those of <see cref="Active"/> that one start of a worker holds.</summary>
    public IReadOnlyCollection<int> ActiveAt(string incarnation) => _activeAt.TryGetValue(incarnation, out var numbers) ? numbers : [];

    /// <summary>Trials that confirm a configuration, in any state.</summary>
    public int Confirmations { get; private set; }

    /// <summary>Adds the next trial, or replaces what is known of one.</summary>
    public void Put(TrialRecord trial)
    {
        if (Trials.TryGetValue(trial.Number, out var before))
        {
            _count[before.State]--;
            Epochs -= before.FurthestEpoch;
            if (before.State.IsActive() && _activeAt.TryGetValue(before.Incarnation!, out var there))
            {
                there.Remove(trial.Number);
            }
        }
        else
        {
            Configurations.Add(trial);
            Confirmations += trial.IsOfSearch ? 0 : 1;
        }

        Trials.Put(trial);
        _count[trial.State]++;
        Epochs += trial.FurthestEpoch;
        Mark(_queued, trial.Number, trial.State == TrialState.Queued);
        Mark(_active, trial.Number, trial.State.IsActive());
        Mark(_failed, trial.Number, trial.State == TrialState.Failed);
        if (trial.State.IsActive())
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_activeAt, trial.Incarnation!, out _) ??= []).Add(trial.Number);
        }
    }

    private static void Mark(ISet<int> set, int number, bool isMember) => _ = isMember ? set.Add(number) : set.Remove(number);
}
