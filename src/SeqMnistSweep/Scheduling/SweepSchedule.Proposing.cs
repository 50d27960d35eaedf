using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Scheduling;

/// <content>Where new trials come from: the sampler, whose next proposal is asked for once.</content>
public sealed partial class SweepSchedule
{
    /// <summary>Takes the sampler's next configuration and queues a trial of it for every seed.</summary>
    private int? Propose(DateTimeOffset now)
    {
        if (PeekProposal() is not { } proposal)
        {
            return null;
        }

        _next = null;
        var seen = _method.IsAdaptive ? _memory.History.Mark() : null;
        Sweep = Sweep with { Cursor = proposal.NextCursor, Infeasible = Sweep.Infeasible + (_method.IsFinite ? 0 : proposal.Infeasible) };
        _changes.Add(new SweepChange.SweepUpdated(Sweep));
        var first = Add(_configurations.Count + 1, proposal.Parameters, 0, _ => proposal.Origin, now)[0];
        if (seen is not null)
        {
            Log(new Occurrence.TrialProposed(first, seen), seen.ToString(), Self, now);
        }

        return first;
    }

    /// <summary>Queues a trial of a configuration for every seed from the <paramref name="firstSeed"/>th on, counted from 0.</summary>
    private List<int> Add(int configuration, ParameterSet parameters, int firstSeed, Func<int, string> origin, DateTimeOffset now)
    {
        var numbers = new List<int>();
        for (var seed = firstSeed; seed < _definition.Seeds.Count; seed++)
        {
            numbers.Add(Add(configuration, parameters, SeedOf(parameters, seed), origin(seed), now));
        }

        return numbers;
    }

    private int Add(int configuration, ParameterSet parameters, long seed, string? origin, DateTimeOffset now)
    {
        var trial = new TrialRecord
        {
            Number = _trials.Count + 1,
            Configuration = configuration,
            Parameters = parameters,
            Seed = seed,
            Origin = origin,
            Created = now,
        };
        Index(trial);
        _changes.Add(new SweepChange.TrialAdded(trial));
        return trial.Number;
    }

    /// <summary>
    /// Whether the method has a configuration left. An adaptive one is not asked: it proposes only for a slot that is free, knowing all
    /// that is known then.
    /// </summary>
    private bool HasMore => _method.IsAdaptive ? !_exhausted && !IsCapped : PeekProposal() is not null;

    private bool IsCapped => (Best?.Value is { } best && _definition.Metric.ReachesTarget(best)) || (_definition.RunCap is { } cap && _configurations.Count >= cap);

    private Proposal? PeekProposal()
    {
        if (_exhausted || _next is not null)
        {
            return _next;
        }

        _next = IsCapped ? null : NextUnmade();
        _exhausted = _next is null;
        return _next;
    }

    /// <summary>The sampler's next proposal; a finite one's without the points that have trials already, by hand or by a narrower file.</summary>
    private Proposal? NextUnmade()
    {
        long infeasible = 0;
        for (var cursor = Sweep.Cursor; _sampler.Propose(cursor, _memory.History) is { } proposal; cursor = proposal.NextCursor)
        {
            infeasible += proposal.Infeasible;
            if (!_method.IsFinite || !IsMade(proposal.Parameters, cursor))
            {
                return proposal with { Infeasible = infeasible };
            }
        }

        return null;
    }

    /// <summary>A file may enqueue one point several times; each counts once.</summary>
    private bool IsMade(ParameterSet point, long cursor)
    {
        var made = _configurations.TrialsWith(point).Count();
        return made > 0 && made > _definition.Enqueue.Take((int)Math.Min(cursor, int.MaxValue)).Count(earlier => cursor < _definition.Enqueue.Length && earlier.Equals(point));
    }

    private long SeedOf(ParameterSet parameters, int index)
    {
        if (_definition.Seeds.Base is { } start)
        {
            return start + index;
        }

        return (parameters[TrainableDescription.Seed]?.AsInteger() ?? TrainableDescription.DefaultSeed) + index;
    }
}
