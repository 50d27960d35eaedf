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
        store.Reader.LoadSweep(sweep, stored => ScheduleOf(stored, known)) ?? throw new SweepMissingException(sweep.Value);

    public Task<WriteOutcome> WriteAsync(SweepId sweep, ImmutableArray<SweepChange> changes) => store.Writer.WriteAsync(sweep, changes);

    public bool Has(TrialId trial, CheckpointFile checkpoint) => File.Exists(checkpoints.PathOf(trial, checkpoint.FileName));

    public void CleanUp(SweepId sweep, ImmutableArray<SweepChange> changes, Func<int, IEnumerable<CheckpointFile>> named)
    {
        try
        {
            foreach (var (trial, digest) in UnnamedFiles.Of(changes, Stored, named))
            {
                checkpoints.Drop(new TrialId(sweep, trial), digest);
            }

            foreach (var ended in changes.OfType<SweepChange.TrialUpdated>().Where(change => change.Trial.State.IsFinal()))
            {
                checkpoints.Tidy(new TrialId(sweep, ended.Trial.Number), () => UnnamedFiles.Named(ended.Trial.Number, Stored, named));
            }
        }
        catch (Exception error) when (error is DatabaseException or IOException or UnauthorizedAccessException)
        {
            // What is stored is stored; files that stay do no harm.
            LogNotCleanedUp(error, sweep);
        }

        IEnumerable<string> Stored(int trial) => store.Reader.Checkpoints(new TrialId(sweep, trial)).Select(row => row.Digest);
    }

    public void Failed(SweepId sweep, Exception error) => LogNotStored(error, sweep);

    /// <summary>A sampler whose times are measured.</summary>
    public ISampler SamplerOf(SweepDefinition definition, SearchPrior prior) =>
        new TimedSampler(() => SamplerCatalog.Create(definition, prior), store.Telemetry.Suggested, time);

    private SweepSchedule ScheduleOf(SweepStream stored, SweepDefinition? known)
    {
        var sweep = stored.Sweep;
        var definition = known?.Source == sweep.Source ? known : SweepFile.ReadStored(sweep.Source, $"{sweep.Name}.yaml")
            ?? throw new SweepRefusedException(
                $"the stored file of sweep '{sweep.Id}' is no longer valid: this program is older or newer than the one that stored it");
        definition = definition with { Defaults = sweep.Defaults };
        var pruner = PrunerCatalog.Create(definition);
        return new SweepSchedule(
            definition,
            SamplerOf(definition, sweep.Prior),
            pruner,
            sweep,
            stored.Trials,
            stored.Reports(SweepSchedule.LooksBack(definition, pruner)).Select(report => (report.Trial, report.Report)),
            (from, to, file) => checkpoints.Copy(new TrialId(sweep.Id, from), new TrialId(sweep.Id, to), file));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep}: something could not be decided or stored; the schedule is read again "
        + "from the database.")]
    private partial void LogNotStored(Exception error, SweepId sweep);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep}: checkpoint files that are no longer needed could not be deleted.")]
    private partial void LogNotCleanedUp(Exception error, SweepId sweep);
}
