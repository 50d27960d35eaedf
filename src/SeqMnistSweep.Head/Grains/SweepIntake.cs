using System.Collections.Immutable;
using System.Security.Cryptography;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

/// <summary>How a sweep file becomes a stored sweep, or is found to be one already.</summary>
internal sealed class SweepIntake(HeadStore store, TimeProvider time)
{
    /// <exception cref="SweepRefusedException">The file has errors.</exception>
    public static SweepDefinition Read(SubmitRequest request) =>
        SweepFile.Parse(request.Source, request.FileName).Definition ?? throw new SweepRefusedException($"{request.FileName} is no valid sweep file");

    /// <summary>The newest sweep of that content, an unfinished one before any finished; null when there is none.</summary>
    /// <exception cref="SweepRefusedException">It is unfinished and was begun on other data.</exception>
    public LoadedSweep? Find(SweepDefinition definition, SubmitRequest request)
    {
        var id = store.Reader.UnfinishedSweep(definition.Digest)
            ?? store.Reader.SweepsWithContent(definition.Digest).Select(row => (SweepId?)SweepId.Parse(row.Sweep)).FirstOrDefault();
        var found = id is { } known ? store.Reader.LoadSweep(known) : null;
        if (found is { Sweep: var sweep } && !sweep.State.IsFinal() && !sweep.DatasetDigests.SequenceEqual(request.DatasetDigests ?? ImmutableSortedDictionary<string, string>.Empty))
        {
            throw new SweepRefusedException($"sweep {sweep.Id} was started on other data (the digest differs); go on with that data, or start another sweep with --new");
        }

        return found;
    }

    /// <summary>Stores a new sweep; durable when it returns.</summary>
    public async Task<SweepRecord> AddAsync(SweepDefinition definition, SubmitRequest request)
    {
        var now = time.GetUtcNow();
        var plan = SweepPlan.Of(definition);
        var sweep = new SweepRecord
        {
            Id = NewId(definition.Name),
            Name = definition.Name,
            State = SweepState.Queued,
            Method = definition.Method,
            Metric = definition.Metric.Name,
            Maximize = definition.Metric.Maximize,
            Source = request.Source,
            Digest = definition.Digest,
            Priority = definition.Priority,
            DatasetDigests = request.DatasetDigests ?? ImmutableSortedDictionary<string, string>.Empty,
            Planned = plan.Trials,
            Infeasible = plan.Points - plan.Feasible ?? 0,
            Created = now,
        };
        await store.Writer.WriteAsync(sweep.Id,
        [
            new SweepChange.SweepAdded(sweep),
            new SweepChange.EventAdded(new SweepEvent(null, "action", null, SweepState.Queued.ToName(), "submitted", request.By, now)),
        ]);
        return sweep;
    }

    private SweepId NewId(string name)
    {
        while (true)
        {
            var id = SweepId.Create(name, (ulong)RandomNumberGenerator.GetInt32(1 << 20));
            if (store.Reader.LoadSweep(id) is null)
            {
                return id;
            }
        }
    }
}
