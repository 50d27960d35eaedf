using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
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
        var definition = SweepFile.Parse(Storage.Source, "rig.yaml").Definition!;
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

    private Task<IReadOnlyList<string>> TickAsync()
    {
        _leases.Check(_time.GetElapsedTime(0));
        return _sweeps.Run(First, actor => actor.Tick());
    }

    private sealed class Storage : ISweepStorage
    {
        public const string Source = "{name: rig, program: noop, method: grid, parameters: {x: {values: [1, 2, 3]}}}";

        private readonly System.Threading.Channels.Channel<TaskCompletionSource<WriteOutcome>> _writes =
            System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource<WriteOutcome>>();

        /// <summary>Whether writes complete by themselves.</summary>
        public bool IsQuick { get; set; }

        public List<SweepDefinition?> Loads { get; } = [];

        public List<Exception> Failures { get; } = [];

        public Task<TaskCompletionSource<WriteOutcome>> NextWriteAsync() => _writes.Reader.ReadAsync().AsTask();

        public SweepSchedule Load(SweepId sweep, SweepDefinition? known)
        {
            Loads.Add(known);
            var definition = known ?? SweepFile.Parse(Source, "rig.yaml").Definition!;
            return new SweepSchedule(definition, SamplerCatalog.Create(definition), PrunerCatalog.Create(definition), Record(sweep), [], []);
        }

        public Task<WriteOutcome> WriteAsync(SweepId sweep, ImmutableArray<SweepChange> changes)
        {
            var write = new TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            _writes.Writer.TryWrite(write);
            return IsQuick ? Task.FromResult(WriteOutcome.Applied) : write.Task;
        }

        public void Failed(SweepId sweep, Exception error) => Failures.Add(error);

        private static SweepRecord Record(SweepId sweep) => new()
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
