using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Sweeps;

/// <summary>Sweeps on a store whose writes the test completes by hand.</summary>
public sealed class SweepActorsTests
{
    private static readonly LeaseHolder Holder = new("w", "w-1", "cpu");
    private static readonly GrantBudget One = new(new WorkerOffer(), Slots: 1, Ahead: 0);
    private static readonly SweepId First = SweepId.Parse("first-0000");
    private static readonly SweepId Second = SweepId.Parse("second-0000");

    private readonly Storage _storage = new();
    private readonly LeaseClock _leases = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1));
    private readonly SweepActors _sweeps;

    private readonly FakeTimeProvider _time = new();

    public SweepActorsTests() => _sweeps = new SweepActors(_storage, _leases, _time);

    [Fact]
    public async Task A_write_that_waits_holds_up_neither_its_own_sweeps_decisions_nor_another_sweep()
    {
        var waiting = _sweeps.Run(First, actor => actor.Grant(Holder, One));
        var write = await _storage.NextWriteAsync();
        Assert.False(waiting.IsCompleted);
        Assert.Equal(1, await _sweeps.Run(First, actor => Task.FromResult(actor.Schedule.Active.Count())));
        Assert.Null(_sweeps.Now(First)!.Sweep.Started);

        var other = _sweeps.Run(Second, actor => actor.Grant(Holder, One));
        (await _storage.NextWriteAsync()).SetResult(WriteOutcome.Applied);
        Assert.Equal(1, (await other)[0].Trial.Number);
        Assert.False(waiting.IsCompleted);

        write.SetResult(WriteOutcome.Applied);
        Assert.Equal(1, (await waiting)[0].Trial.Number);
        Assert.Equal(SweepState.Running, _sweeps.Now(First)!.Sweep.State);
    }

    [Fact]
    public async Task After_a_write_that_failed_the_sweep_is_read_again_at_its_next_call_with_the_definition_that_was_kept()
    {
        var definition = SweepFile.Parse(_storage.Source, "rig.yaml").Definition!;
        _sweeps.Keep(First, definition);
        var lost = _sweeps.Run(First, actor => actor.Grant(Holder, One));
        (await _storage.NextWriteAsync()).SetException(new DatabaseException("full", null));
        await Assert.ThrowsAsync<DatabaseException>(() => lost);
        Assert.Null(_sweeps.Now(First));

        Assert.Equal(0, await _sweeps.Run(First, actor => Task.FromResult(actor.Schedule.Active.Count())));
        Assert.Equal([definition, definition], _storage.Loads);
        Assert.Single(_storage.Failures);
    }

    [Fact]
    public async Task A_look_outlives_a_write_that_failed_and_sees_what_is_stored()
    {
        var lost = _sweeps.Run(First, actor => actor.Grant(Holder, One));
        var write = await _storage.NextWriteAsync();
        var look = _sweeps.Look(First, async actor =>
        {
            await actor.Store();
            return actor.Schedule.Active.Count();
        });
        write.SetException(new DatabaseException("full", null));
        Assert.Equal(0, await look);
        await Assert.ThrowsAsync<DatabaseException>(() => lost);
    }

    [Fact]
    public async Task The_leases_of_a_holder_that_has_ended_end_with_the_next_tick_and_it_is_granted_no_more()
    {
        _leases.Hear(Holder.Worker, Holder.Incarnation, TimeSpan.Zero);
        var granted = _sweeps.Run(First, actor => actor.Grant(Holder, One));
        (await _storage.NextWriteAsync()).SetResult(WriteOutcome.Applied);
        await granted;
        Assert.Equal([First], _leases.SweepsOf(Holder.Incarnation));

        _leases.Expire(Holder.Incarnation);
        var ticked = _sweeps.Run(First, actor => actor.Tick());
        (await _storage.NextWriteAsync()).SetResult(WriteOutcome.Applied);
        Assert.Equal(["w"], await ticked);
        Assert.Empty(await _sweeps.Run(First, actor => actor.Grant(Holder, One)));
    }

    [Fact]
    public async Task A_sign_of_life_renews_the_lease_of_a_client_for_the_time_that_it_asked_for()
    {
        _storage.IsQuick = true;
        var client = new ExternalClient("notebook", "key", TimeSpan.FromSeconds(3)).ToHolder();
        var grant = (await _sweeps.Run(First, actor => actor.Ask(client, new WorkerOffer { Asks = true, AllowsPrograms = true }))).Grant!;
        for (var second = 0; second < 6; second += 2)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.False((await _sweeps.Run(First, actor => actor.Tell(new ExternalReport(grant.Trial.Number, grant.Lease)))).IsFenced);
            Assert.Empty(await TickAsync());
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await TickAsync());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([client.Worker], await TickAsync());
    }

    [Fact]
    public async Task A_method_that_throws_is_asked_a_few_times_and_then_its_sweep_has_failed_and_says_why()
    {
        _storage.IsQuick = true;
        _storage.Sampler = new Broken();
        await FailsAsync(actor => actor.Grant(Holder, One));

        Assert.Empty(await _sweeps.Run(First, actor => actor.Grant(Holder, One)));
        var stored = _storage.Stored(First)!;
        Assert.Equal((SweepState.Failed, SweepCause.MethodFailed), (stored.State, stored.Cause));
        Assert.Equal("method grid: no lengths (InvalidOperationException)", stored.Reason);
        Assert.Equal(SweepState.Failed, _sweeps.Now(First)!.Sweep.State);
        Assert.Equal(1, (await GrantAsync(Second))[0].Trial.Number);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pruner_that_throws_fails_its_sweep_whether_it_judges_or_promotes(bool judges)
    {
        _storage.IsQuick = true;
        _storage.Pruner = judges ? new BrokenPruner() : new BrokenPromoter();
        for (var time = 0; time < SweepActors.MaxFailedDecisions; time++)
        {
            var grant = (await GrantAsync(First))[0];
            var report = new AttemptEvent.Reported(new EpochReport(1, ImmutableSortedDictionary<string, double>.Empty.Add("value", 1)), null);
            var told = new SettleRequest(Holder, false, [], [new NumberedEvent(1, grant.Trial, grant.Lease, report)], default);
            await Assert.ThrowsAsync<DecisionFailedException>(async () =>
            {
                await _sweeps.Run(First, actor => actor.Settle(told));
                await _sweeps.Run(First, actor => actor.Tick());
            });
        }

        await _sweeps.Run(First, actor => actor.Tick());
        var stored = _storage.Stored(First)!;
        Assert.Equal((SweepState.Failed, SweepCause.PrunerFailed), (stored.State, stored.Cause));
        Assert.Equal("pruner median: no curve (NotSupportedException)", stored.Reason);
    }

    [Fact]
    public async Task A_mistake_in_any_other_decision_ends_the_sweep_too_but_never_a_write_that_fails()
    {
        for (var time = 0; time < 2 * SweepActors.MaxFailedDecisions; time++)
        {
            var lost = _sweeps.Run(First, actor => actor.Grant(Holder, One));
            (await _storage.NextWriteAsync()).SetException(new DatabaseException("full", null));
            await Assert.ThrowsAsync<DatabaseException>(() => lost);
        }

        _storage.IsQuick = true;
        await FailsAsync(actor => actor.Act<int>((_, _) => throw new InvalidOperationException("a mistake")));
        await _sweeps.Run(First, actor => actor.Tick());
        Assert.Equal((SweepState.Failed, SweepCause.InternalError), (_storage.Stored(First)!.State, _storage.Stored(First)!.Cause));
    }

    [Fact]
    public async Task While_a_method_computes_its_sweep_answers_grants_nothing_new_and_can_be_stopped()
    {
        _storage.IsQuick = true;
        _storage.Source = "{name: rig, program: noop, method: bayes, run_cap: 9, metric: {name: value}, parameters: {x: {values: [1, 2, 3]}}}";
        using var gate = new SemaphoreSlim(0);
        _storage.Sampler = new Slow(gate);
        gate.Release();
        var grant = (await GrantAsync(First))[0];
        var waiting = GrantAsync(First);
        Assert.Equal(1, await _sweeps.Run(First, actor => Task.FromResult(actor.Schedule.Active.Count())));
        await _sweeps.Run(First, actor => actor.Settle(new SettleRequest(Holder, false, [], [Reported(1, grant, 1)], default)));
        Assert.Equal(1, await _sweeps.Run(First, actor => Task.FromResult(actor.Schedule.Trials[1].Epoch)));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await waiting);

        gate.Release();
        await Until.True(async () => !(await GrantAsync(First)).IsEmpty, () => "what was computed is never granted");
        var third = GrantAsync(First);
        await _sweeps.Run(First, actor => actor.Act((schedule, now) =>
        {
            schedule.Stop("ada", "enough", now);
            return true;
        }));
        Assert.Equal(SweepState.Stopping, _sweeps.Now(First)!.Sweep.State);
        gate.Release();
        Assert.Empty(await third);
    }

    private static NumberedEvent Reported(long sequence, TrialGrant grant, int epoch) => new(
        sequence, grant.Trial, grant.Lease,
        new AttemptEvent.Reported(new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty.Add("value", 1)), null));

    private sealed class Slow(SemaphoreSlim gate) : ISampler
    {
        public Proposal? Propose(long cursor, SearchHistory history)
        {
            gate.Wait();
            return new Proposal(new ParameterSet([KeyValuePair.Create("x", ParameterValue.Of(cursor % 3))]), cursor + 1, 0, "slow");
        }
    }

    private Task<ImmutableArray<TrialGrant>> GrantAsync(SweepId sweep) => _sweeps.Run(sweep, actor => actor.Grant(Holder, One));

    private async Task FailsAsync<T>(Func<SweepActor, Task<T>> call)
    {
        for (var time = 0; time < SweepActors.MaxFailedDecisions; time++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => _sweeps.Run(First, call));
        }
    }

    private Task<IReadOnlyList<string>> TickAsync()
    {
        _leases.Check(_time.GetElapsedTime(0));
        return _sweeps.Run(First, actor => actor.Tick());
    }

    private sealed class Broken : ISampler
    {
        public Proposal? Propose(long cursor, SearchHistory history) => throw new InvalidOperationException("no lengths");
    }

    private sealed class BrokenPruner : IPruner
    {
        public bool IsRung(int epoch) => true;

        public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others) => throw new NotSupportedException("no curve");
    }

    private sealed class BrokenPromoter : IPromoter
    {
        public bool IsRung(int epoch) => true;

        public Verdict Judge(LearningCurve trial, IEnumerable<LearningCurve> others) => Verdict.Pause;

        public Verdict JudgeAtOnce(LearningCurve trial, IEnumerable<LearningCurve> others) => throw new NotSupportedException("no curve");

        public IReadOnlyList<Promotion> Next(IReadOnlyCollection<LearningCurve> trials, bool isLast) => throw new NotSupportedException("no curve");
    }

    private sealed class Storage : ISweepStorage
    {
        public string Source { get; set; } = "{name: rig, program: noop, method: grid, parameters: {x: {values: [1, 2, 3]}, epochs: {value: 3}}}";

        private readonly System.Threading.Channels.Channel<TaskCompletionSource<WriteOutcome>> _writes =
            System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource<WriteOutcome>>();

        /// <summary>Whether writes complete by themselves.</summary>
        public bool IsQuick { get; set; }

        public List<SweepDefinition?> Loads { get; } = [];

        public List<Exception> Failures { get; } = [];

        /// <summary>Of the first sweep; null for those of its file.</summary>
        public ISampler? Sampler { get; set; }

        public IPruner? Pruner { get; set; }

        private readonly List<(SweepId Sweep, SweepChange Change)> _stored = [];

        public SweepRecord? Stored(SweepId sweep) =>
            _stored.Where(stored => stored.Sweep == sweep).Select(stored => stored.Change).OfType<SweepChange.SweepUpdated>().LastOrDefault()?.Sweep;

        public Task<TaskCompletionSource<WriteOutcome>> NextWriteAsync() => _writes.Reader.ReadAsync().AsTask();

        public bool Has(TrialId trial, CheckpointFile checkpoint) => true;

        public void CleanUp(SweepId sweep, ImmutableArray<SweepChange> changes, Func<int, IEnumerable<CheckpointFile>> named)
        {
        }

        public SweepSchedule Load(SweepId sweep, SweepDefinition? known)
        {
            Loads.Add(known);
            var definition = known ?? SweepFile.Parse(Source, "rig.yaml").Definition!;
            var (sampler, pruner) = sweep == First ? (Sampler, Pruner) : (null, null);
            if (pruner is not null)
            {
                definition = definition with { EarlyTerminate = new EarlyTermination("median", ParameterSet.Empty) };
            }

            return new SweepSchedule(definition, sampler ?? SamplerCatalog.Create(definition), pruner, Record(sweep), [], []);
        }

        public Task<WriteOutcome> WriteAsync(SweepId sweep, ImmutableArray<SweepChange> changes)
        {
            var write = new TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            _writes.Writer.TryWrite(write);
            _stored.AddRange(changes.Select(change => (sweep, change)));
            return IsQuick ? Task.FromResult(WriteOutcome.Applied) : write.Task;
        }

        public void Failed(SweepId sweep, Exception error) => Failures.Add(error);

        private SweepRecord Record(SweepId sweep) => new()
        {
            Id = sweep,
            Name = "rig",
            State = SweepState.Queued,
            Method = "grid",
            Metric = "value",
            Maximize = false,
            Source = Source,
            Digest = "",
            Created = DateTimeOffset.UnixEpoch,
        };
    }
}
