using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Scheduling;

/// <summary>Makes trials of what the sampler proposes; each proposal is asked for once.</summary>
internal sealed class SearchDriver(SweepLedger ledger, ISampler sampler)
{
    /// <summary>Proposals that were all made before, after which one that was not is looked for.</summary>
    private const int MaxRepeats = 20;

    /// <summary>Points of a grid that are passed over in a moment; of a larger one the next that is feasible may be far away.</summary>
    private const int NearPoints = 20_000;

    private ISampler _sampler = sampler;
    private FiniteSpace? _finite = FiniteSpaceOf(ledger);
    private bool _isFar = IsFarApart(ledger);
    private Proposal? _next;
    private bool _exhausted;
    private bool _isComputing;
    private (long Cursor, Proposal? Proposal, SearchMark Known)? _computed;
    private int _resets;

    /// <summary>Whether a proposal is computed elsewhere, by <see cref="Begin"/>: it takes long.</summary>
    public bool Computes => ledger.Method.IsAdaptive || _isFar;

    /// <summary>Whether the method has a configuration left. An adaptive one is not asked: it proposes only for a slot that is free,
    /// knowing all that is known then.</summary>
    public bool HasMore => Computes ? !_exhausted && !IsCapped : Peek() is not null;

    /// <summary>Why there is none left, where it is not for a limit and the method goes on for ever by itself; null where it is.</summary>
    public string? Exhausted => !_exhausted || IsCapped || ledger.Method.IsFinite ? null
        : _finite is null ? "the method finds no further configuration"
        : $"all {ledger.Configurations.Count} configurations of the space have been tried";

    private bool IsCapped => ledger.HasReachedTarget || ledger.Stagnation.IsReached || ledger.Improvement.IsReached
        || ledger.Definition.RunCap <= ledger.Configurations.Count;

    /// <summary>Begins to compute the next proposal of a method that <see cref="Computes"/>; null where there is nothing to compute, or that is under way.</summary>
    /// <returns>To be run once, on any thread; what it returns is to be called where the schedule is. Until then nothing is
    /// proposed.</returns>
    public Func<Action>? Begin()
    {
        var cursor = ledger.Sweep.Cursor;
        if (!HasMore || !Computes || _isComputing || _next is not null || _computed?.Cursor == cursor) return null;

        _isComputing = true;
        var (sampler, history, resets) = (_sampler, ledger.Memory.Freeze(), _resets);
        var known = history.Mark();
        return () =>
        {
            Proposal? proposal = null;
            DecisionFailedException? failure = null;
            try
            {
                proposal = Ask(sampler, cursor, history);
            }
            catch (DecisionFailedException error)
            {
                failure = error;
            }

            return () =>
            {
                _isComputing = false;
                ledger.Memory.Thaw();
                _computed = failure is not null ? throw failure : resets == _resets ? (cursor, proposal, known) : null;
            };
        };
    }

    /// <summary>Takes the sampler's next configuration and queues a trial of it for every seed.</summary>
    /// <returns>The first of them; null when there is none.</returns>
    public int? Propose(DateTimeOffset now)
    {
        if (Peek() is not { } proposal) return null;

        _next = null;
        var known = !ledger.Method.IsAdaptive ? null : _computed?.Known ?? ledger.Memory.History.Mark();
        _computed = null;
        ledger.Update(ledger.Sweep with
        {
            Cursor = proposal.NextCursor,
            Infeasible = ledger.Sweep.Infeasible + (ledger.Method.IsFinite ? 0 : proposal.Infeasible),
        });
        ledger.Improvement.Take(proposal);
        var first = AddNew(proposal.Parameters, _ => proposal.Origin, now)[0];
        if (known is not null)
        {
            ledger.Log(new Occurrence.TrialProposed(first, known), known.ToString(), SweepLedger.Schedule, now);
        }

        return first;
    }

    /// <summary>Queues a trial of a new configuration for every seed.</summary>
    public List<int> AddNew(ParameterSet parameters, Func<int, string> origin, DateTimeOffset now) =>
        Add(ledger.Configurations.Count + 1, parameters, 0, origin, now);

    /// <summary>Queues a trial of a configuration for every seed from the <paramref name="firstSeed"/>th on, counted from 0.</summary>
    public List<int> Add(int configuration, ParameterSet parameters, int firstSeed, Func<int, string> origin, DateTimeOffset now) =>
        [.. Enumerable.Range(firstSeed, Math.Max(0, ledger.Definition.Seeds.Count - firstSeed))
            .Select(seed => ledger.Add(configuration, parameters, SeedOf(parameters, seed), origin(seed), now))];

    /// <summary>Queues the points that the file enqueues, that the cursor has passed and that have no trials yet.</summary>
    public void AddEnqueued(DateTimeOffset now)
    {
        foreach (var point in ledger.File.Enqueue)
        {
            if (!ledger.Configurations.TrialsWith(point).Any() && !(ledger.Definition.RunCap <= ledger.Configurations.Count))
            {
                AddNew(point, _ => EnqueuedSampler.OriginOf(point, ledger.File.Baseline), now);
            }
        }
    }

    /// <summary>Brings the cursor to where a new file's sampler goes on: a draw keeps its number, a grid begins anew and passes over what
    /// is made.</summary>
    public void Adopt(SweepDefinition file, ISampler sampler)
    {
        var drawn = ledger.Method.IsFinite ? 0 : Math.Max(0, ledger.Sweep.Cursor - ledger.File.Enqueue.Length);
        ledger.Update(ledger.Sweep with { Source = file.Source, Digest = file.Digest, Cursor = file.Enqueue.Length + drawn });
        _sampler = sampler;
    }

    /// <summary>Asks anew: the limits, the file or the sampler have changed.</summary>
    public void Reset()
    {
        (_next, _exhausted, _computed, _finite, _isFar) = (null, false, null, FiniteSpaceOf(ledger), IsFarApart(ledger));
        _resets++;
    }

    private Proposal? Peek()
    {
        if (!_exhausted && _next is null && !_isComputing)
        {
            _next = IsCapped ? null : NextUnmade();
            _exhausted = _next is null;
        }

        return _next;
    }

    /// <summary>The sampler's next proposal; without the configurations that have trials already, by hand, by a narrower file or by chance,
    /// where the space has others. The members of a population may be alike.</summary>
    private Proposal? NextUnmade()
    {
        long infeasible = 0;
        var repeats = 0;
        var history = ledger.Memory.History;
        for (var cursor = ledger.Sweep.Cursor; ComputedAt(cursor, history) is { } proposal; cursor = proposal.NextCursor)
        {
            infeasible += proposal.Infeasible;
            if (!(ledger.Method.IsFinite || _finite is not null) || !IsMade(proposal.Parameters, cursor))
            {
                return proposal with { Infeasible = infeasible };
            }

            if (_finite is not null && ++repeats == MaxRepeats)
            {
                var chance = (ulong)RandomSeed.Derive(ledger.Definition.SamplerSeed, "unmade", cursor);
                return _finite.FirstUnmade(chance, point => ledger.Configurations.TrialsWith(point).Any()) is { } left
                    ? proposal with { Parameters = left, Infeasible = infeasible, Origin = $"{ledger.Method.Name}: one that was left" }
                    : null;
            }
        }

        return null;
    }

    private static FiniteSpace? FiniteSpaceOf(SweepLedger ledger) =>
        ledger.Method.IsFinite || ledger.Method.Pruner is not null ? null : FiniteSpace.Of(ledger.Definition.Space);

    private static bool IsFarApart(SweepLedger ledger) => ledger.Method.IsFinite && !ledger.Definition.Space.Constraints.IsEmpty
        && new Grid(ledger.Definition.Space).Count > NearPoints;

    private Proposal? ComputedAt(long cursor, SearchHistory history) =>
        _computed is { } computed && computed.Cursor == cursor ? computed.Proposal : Ask(_sampler, cursor, history);

    private Proposal? Ask(ISampler sampler, long cursor, SearchHistory history) => DecisionFailedException.Guard(
        SweepCause.MethodFailed, $"method {ledger.Method.Name}", () => sampler.Propose(cursor, history));

    /// <summary>A file may enqueue one point several times; each counts once.</summary>
    private bool IsMade(ParameterSet point, long cursor)
    {
        var enqueue = ledger.Definition.Enqueue;
        var made = ledger.Configurations.TrialsWith(point).Count();
        return made > 0 && made > (cursor < enqueue.Length ? enqueue.Take((int)cursor).Count(earlier => earlier.Equals(point)) : 0);
    }

    private long SeedOf(ParameterSet parameters, int index) => index
        + (ledger.Definition.Seeds.Base ?? parameters[TrainableDescription.Seed]?.AsInteger() ?? TrainableDescription.DefaultSeed);
}
