using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SeqMnistSweep.Scheduling;

/// <summary>A sweep's trials by number, counted from 1 without a gap; those that have ended are packed, and made anew when somebody looks
/// at one.</summary>
/// <param name="packs">False where ended trials are looked at again and again: by a pruner that compares with them, by a sampler that
/// learns of them.</param>
internal sealed class TrialCollection(bool packs) : IReadOnlyDictionary<int, TrialRecord>
{
    private const long NotPacked = -1;

    private readonly Dictionary<int, TrialRecord> _whole = [];
    private readonly List<long> _places = [];      // of trial n at n - 1
    private readonly PackedTrials _packed = new();

    public int Count => _places.Count;

    public IEnumerable<int> Keys => Enumerable.Range(1, Count);

    public IEnumerable<TrialRecord> Values => Keys.Select(number => this[number]);

    /// <summary>Those that are kept as objects: every one that has not ended is among them. In no order.</summary>
    public IEnumerable<TrialRecord> Whole => _whole.Values;

    public TrialRecord this[int key] =>
        TryGetValue(key, out var trial) ? trial : throw new KeyNotFoundException($"there is no trial {key}");

    /// <summary>Adds the next trial, or replaces what is known of one.</summary>
    public void Put(TrialRecord trial)
    {
        if (trial.Number == _places.Count + 1)
        {
            _places.Add(NotPacked);
        }
        else if (!ContainsKey(trial.Number))
        {
            throw new InvalidOperationException($"trial {trial.Number} does not follow trial {_places.Count}");
        }

        if (packs && trial.State.IsFinal())
        {
            _whole.Remove(trial.Number);
            _places[trial.Number - 1] = _packed.Add(trial);
        }
        else
        {
            _whole[trial.Number] = trial;
            _places[trial.Number - 1] = NotPacked;
        }
    }

    public bool ContainsKey(int key) => key >= 1 && key <= _places.Count;

    public bool TryGetValue(int key, [MaybeNullWhen(false)] out TrialRecord value)
    {
        if (!ContainsKey(key))
        {
            value = null;
            return false;
        }

        value = _places[key - 1] is var place and not NotPacked ? _packed.At(place) : _whole[key];
        return true;
    }

    public IEnumerator<KeyValuePair<int, TrialRecord>> GetEnumerator() =>
        Keys.Select(number => KeyValuePair.Create(number, this[number])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
