using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Head.Sweeps;

/// <summary>Sweeps in the head's database, with the checkpoint files that their rows name.</summary>
internal sealed partial class SweepStorage(HeadStore store, CheckpointStore checkpoints, TimeProvider time, ILogger<SweepStorage> logger)
    : ISweepStorage
{
    public SweepSchedule Load(SweepId sweep, SweepDefinition? known) =>
        store.Reader.LoadSweep(sweep, stored => ScheduleOf(stored, known)) ?? throw new SweepRefusedException(
            $"there is no sweep '{sweep}'");

    public async Task<WriteOutcome> WriteAsync(SweepId sweep, ImmutableArray<SweepChange> changes)
    {
        BringCheckpoints(sweep, changes);
        var outcome = await store.Writer.WriteAsync(sweep, changes);
        try
        {
            if (outcome == WriteOutcome.Applied)
            {
                CleanUp(sweep, changes);
            }
        }
        catch (Exception error) when (error is DatabaseException or IOException or UnauthorizedAccessException)
        {
            // What is stored is stored; files that stay do no harm.
            LogNotCleanedUp(error, sweep);
        }

        return outcome;
    }

    public void Failed(SweepId sweep, Exception error) => LogNotStored(error, sweep);

    /// <summary>A sampler whose times are measured.</summary>
    public ISampler SamplerOf(SweepDefinition definition, SearchPrior prior) =>
        new TimedSampler(() => SamplerCatalog.Create(definition, prior), store.Telemetry.Suggested, time);

    private SweepSchedule ScheduleOf(SweepStream stored, SweepDefinition? known)
    {
        var sweep = stored.Sweep;
        var definition = known?.Source == sweep.Source ? known : SweepFile.Parse(sweep.Source, $"{sweep.Name}.yaml").Definition
            ?? throw new SweepRefusedException(
                $"the stored file of sweep '{sweep.Id}' is no longer valid: this program is older or newer than the one that stored it");
        var pruner = PrunerCatalog.Create(definition);
        return new SweepSchedule(
            definition,
            SamplerOf(definition, sweep.Prior),
            pruner,
            sweep,
            stored.Trials,
            stored.Reports(SweepSchedule.LooksBack(definition, pruner)).Select(report => (report.Trial, report.Report)));
    }

    /// <summary>Before their rows: the database never names a file that is not there.</summary>
    private void BringCheckpoints(SweepId sweep, ImmutableArray<SweepChange> changes)
    {
        foreach (var added in changes.OfType<SweepChange.CheckpointAdded>())
        {
            if (added.From is { } from)
            {
                checkpoints.Copy(new TrialId(sweep, from), new TrialId(sweep, added.Trial), added.Checkpoint.Digest);
            }
        }
    }

    private void CleanUp(SweepId sweep, ImmutableArray<SweepChange> changes)
    {
        foreach (var change in changes)
        {
            if (change is SweepChange.CheckpointDropped(var number, var digest))
            {
                checkpoints.Drop(new TrialId(sweep, number), digest);
            }
            else if (change is SweepChange.TrialUpdated({ State: var state } ended, _) && state.IsFinal())
            {
                var trial = new TrialId(sweep, ended.Number);
                checkpoints.Tidy(trial, () => store.Reader.Checkpoints(trial).Select(checkpoint => checkpoint.Digest).ToHashSet());
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep}: something could not be decided or stored; the schedule is read again "
        + "from the database.")]
    private partial void LogNotStored(Exception error, SweepId sweep);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep}: checkpoint files that are no longer needed could not be deleted.")]
    private partial void LogNotCleanedUp(Exception error, SweepId sweep);
}
