using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Files;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.TestSupport;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Sweeps;

/// <summary>Programs that write few different checkpoints, heads and workers that are killed, every way to keep checkpoints: no row names a
/// file that is not there, and no attempt begins before the last checkpoint that was acknowledged.</summary>
public sealed class CheckpointFilesTests
{
    private const int Epochs = 12;

    [Fact]
    public async Task Nothing_that_is_named_is_deleted()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            Assert.Null(await new Run(seed, dropsByContent: false).BrokenAsync());
        }
    }

    [Fact]
    public async Task Deleting_by_content_would_be_found()
    {
        var broken = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            broken += await new Run(seed, dropsByContent: true).BrokenAsync() is null ? 0 : 1;
        }

        Assert.InRange(broken, 5, 10);
    }

    private sealed class Run(int seed, bool dropsByContent)
    {
        private static readonly LeaseHolder Worker = new("w", "w-1", "cpu");
        private static readonly GrantBudget Two = new(new WorkerOffer { AllowsPrograms = true }, Slots: 2, Ahead: 0);

        private readonly Random _random = new(seed);
        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero));
        private readonly Dictionary<TrialId, (TrialGrant Grant, int Epoch)> _running = [];
        private readonly Dictionary<int, int> _acknowledged = [];
        private long _sequence;

        /// <returns>What was broken; null for nothing.</returns>
        public async Task<string?> BrokenAsync()
        {
            using var folder = new TemporaryFolder();
            using var store = await HeadStore.OpenAsync(folder["sweeps.db"], _time);
            var files = new CheckpointStore(new HeadOptions { CheckpointFolder = folder["checkpoints"] });
            var shipped = new SweepStorage(store, files, _time, NullLogger<SweepStorage>.Instance);
            var sweep = await SubmitAsync(store);
            var actors = Head(shipped, files);
            for (var step = 0; step < 2000; step++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                if (_random.Next(25) == 0)
                {
                    // Head and worker are killed: what was not acknowledged is gone, and what had been is not.
                    _running.Clear();
                    actors = Head(shipped, files);
                    await actors.Run(sweep, actor => actor.Act((schedule, now) =>
                    {
                        schedule.Active.ToList().ForEach(trial => schedule.Lose(trial.Number, trial.Lease, LeaseLoss.HeadRestarted, now));
                        return true;
                    }));
                }

                var events = _running.Count == 0 ? [] : Train(files);
                var reply = await actors.Run(sweep, actor => actor.Settle(new SettleRequest(
                    Worker, false, [.. _running.Values.Select(run => new RunningAttempt(run.Grant.Trial, run.Grant.Lease, null))], events, Two.Less(_running.Count))));
                foreach (var verdict in reply.Verdicts.Where(verdict => verdict.Verdict != Verdict.Continue))
                {
                    _running.Remove(verdict.Trial);
                }

                foreach (var row in store.Reader.LoadSweep(sweep)!.Trials)
                {
                    _acknowledged[row.Number] = Math.Max(_acknowledged.GetValueOrDefault(row.Number), row.Checkpoint?.Epoch ?? 0);
                }

                foreach (var grant in reply.Grants)
                {
                    if ((grant.Resume?.Epoch ?? 0) < _acknowledged[grant.Trial.Number]) return $"{grant.Trial} begins after epoch {grant.Resume?.Epoch}";

                    _running[grant.Trial] = (grant, grant.Resume?.Epoch ?? 0);
                }

                if (Missing(store, files, sweep) is { } missing) return missing;

                if (await actors.Run(sweep, actor => Task.FromResult(actor.Schedule.Sweep.State.IsFinal()))) return Unnamed(store, files, sweep);
            }

            return "it does not end";
        }

        private static string? Missing(HeadStore store, CheckpointStore files, SweepId sweep) => store.Reader.LoadSweep(sweep)!.Checkpoints
            .Select(row => (row.Trial, row.Checkpoint, Path: files.PathOf(new TrialId(sweep, row.Trial), row.Checkpoint.Digest)))
            .Where(row => !File.Exists(row.Path))
            .Select(row => $"the checkpoint of epoch {row.Checkpoint.Epoch} of trial {row.Trial} has no file")
            .FirstOrDefault();

        private static string? Unnamed(HeadStore store, CheckpointStore files, SweepId sweep)
        {
            var named = store.Reader.LoadSweep(sweep)!.Checkpoints.Select(row => files.PathOf(new TrialId(sweep, row.Trial), row.Checkpoint.Digest)).ToHashSet();
            var left = Directory.EnumerateFiles(files.Folder, "*", SearchOption.AllDirectories).FirstOrDefault(file => !named.Contains(file));
            return left is null ? null : $"{left} stays, and nobody names it";
        }

        private SweepActors Head(SweepStorage shipped, CheckpointStore files) => new(
            dropsByContent ? new ByContent(shipped, files) : shipped, new LeaseClock(TimeSpan.FromDays(365), TimeSpan.FromSeconds(1)), _time);

        private async Task<SweepId> SubmitAsync(HeadStore store)
        {
            var keep = new[] { "last", "none", "all" }[_random.Next(3)];
            var pruner = _random.Next(2) == 0 ? "" : "early_terminate: {type: asha, mode: promotion, eta: 2}\n";
            var source = $"name: few\nprogram: few.py\nmethod: grid\nmetric: {{name: value, goal: maximize}}\ncheckpoint: {{keep: {keep}}}\n{pruner}parameters: {{x: {{values: [1, 2, 3, 4]}}, epochs: {{value: {Epochs}}}}}\n";
            var definition = SweepFiles.SweepFile.Parse(source, "few.yaml").Definition!;
            var record = new SweepRecord
            {
                Id = SweepId.Parse("few-0000"),
                Name = "few",
                State = SweepState.Queued,
                Method = "grid",
                Metric = "value",
                Maximize = true,
                Source = source,
                Digest = definition.Digest,
                Created = _time.GetUtcNow(),
                Prior = SearchPrior.None,
            };
            await store.Writer.WriteAsync(record.Id, [new SweepChange.SweepAdded(record)]);
            return record.Id;
        }

        /// <summary>One trial does one to three epochs before the head hears of any.</summary>
        private ImmutableArray<NumberedEvent> Train(CheckpointStore files)
        {
            var (trial, (grant, epoch)) = _running.ElementAt(_random.Next(_running.Count));
            var told = new List<AttemptEvent> { new AttemptEvent.Started("cpu") };
            for (var last = Math.Min(Epochs, epoch + _random.Next(1, 4)); epoch < last;)
            {
                epoch++;
                var content = Encoding.UTF8.GetBytes($"network {_random.Next(3)}");
                var file = new CheckpointFile(epoch, 0, Digest.Of(content), content.Length);
                var path = files.PathOf(trial, file.Digest);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, content);
                told.Add(new AttemptEvent.Reported(
                    new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty.Add("value", trial.Number + epoch)), file));
            }

            _running[trial] = (grant, epoch);
            if (epoch == Epochs || grant.Rungs.Contains(epoch))
            {
                told.Add(epoch == Epochs ? new AttemptEvent.Completed(null, null) { Epoch = epoch } : new AttemptEvent.Released("paused"));
                _running.Remove(trial);
            }

            return [.. told.Select(said => new NumberedEvent(++_sequence, trial, grant.Lease, said))];
        }
    }

    /// <summary>The planted fault.</summary>
    private sealed class ByContent(SweepStorage shipped, CheckpointStore files) : ISweepStorage
    {
        public SweepSchedule Load(SweepId sweep, SweepDefinition? known) => shipped.Load(sweep, known);

        public Task<WriteOutcome> WriteAsync(SweepId sweep, ImmutableArray<SweepChange> changes) => shipped.WriteAsync(sweep, changes);

        public bool Has(TrialId trial, CheckpointFile checkpoint) => shipped.Has(trial, checkpoint);

        public void CleanUp(SweepId sweep, ImmutableArray<SweepChange> changes, Func<int, IEnumerable<CheckpointFile>> named)
        {
            foreach (var dropped in changes.OfType<SweepChange.CheckpointDropped>())
            {
                files.Drop(new TrialId(sweep, dropped.Trial), dropped.Checkpoint.Digest);
            }
        }

        public void Failed(SweepId sweep, Exception error) => shipped.Failed(sweep, error);
    }
}
