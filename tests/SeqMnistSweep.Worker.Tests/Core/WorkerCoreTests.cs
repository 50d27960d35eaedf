using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Core;
using static SeqMnistSweep.Worker.Tests.Support.WorkerRig;

namespace SeqMnistSweep.Worker.Tests.Core;

/// <summary>The worker's rules by themselves: no silo, no process, and a clock that the test moves.</summary>
public sealed class WorkerCoreTests
{
    private static readonly EpochReport Report = new(1, ImmutableSortedDictionary<string, double>.Empty);

    private readonly Clock _time = new();

    [Fact]
    public void A_grant_enters_a_free_slot_and_the_next_one_waits_until_it_leaves()
    {
        var core = Core(slots: 1);
        var (first, second) = (new Played(), new Played());
        Assert.True(core.Begin(Grant(1), first));
        Assert.True(core.Begin(Grant(2), second));
        Assert.Equal((0, null), (first.Slot, second.Slot));
        End(core, Grant(1));
        Assert.Equal(0, second.Slot);
    }

    [Fact]
    public void A_lease_is_taken_once_and_never_again_after_its_end()
    {
        var core = Core();
        Assert.True(core.Begin(Grant(1), new Played()));
        Assert.False(core.Begin(Grant(1), new Played()));
        End(core, Grant(1));
        Assert.False(core.Begin(Grant(1), new Played()));
        Assert.Equal(["Completed", "Released"], core.Ask().Events.Select(told => told.Event.GetType().Name));
    }

    [Fact]
    public void An_attempt_is_forgotten_when_the_head_has_its_last_event_and_its_slot_is_left()
    {
        var core = Core();
        var attempt = new Played();
        core.Begin(Grant(1), attempt);
        core.Report(Grant(1).Trial, 1, new AttemptEvent.Completed(null, null));
        Acknowledge(core);
        Assert.False(attempt.IsForgotten);
        core.Leave(Grant(1).Trial, 1);
        Assert.True(attempt.IsForgotten);
        Assert.True(core.IsIdle);
    }

    [Fact]
    public void An_attempt_that_waits_too_long_for_a_slot_is_given_back()
    {
        var core = Core(slots: 1);
        core.Begin(Grant(1), new Played());
        core.Begin(Grant(2), new Played());
        _time.Milliseconds = 999;
        Assert.Empty(core.Ask().Events);
        _time.Milliseconds = 1000;
        Assert.IsType<AttemptEvent.Released>(Assert.Single(core.Ask().Events).Event);
    }

    [Fact]
    public void What_its_trials_ask_for_of_the_GPU_is_not_offered_again()
    {
        var core = OnGpu();
        Assert.Equal(80, core.Ask().Gpu!.Free);
        core.Begin(Grant(1) with { GpuMemory = 30 }, new Played());
        core.Begin(Grant(2), new Played());
        Assert.Equal(50, core.Ask().Gpu!.Free);
        End(core, Grant(1));
        Assert.Equal(80, core.Ask().Gpu!.Free);
    }

    [Fact]
    public void What_a_trial_had_of_the_GPU_when_it_reports_or_ends_is_what_the_others_of_its_sweep_need()
    {
        var core = OnGpu();
        var (first, sweep) = (new Played { DeviceMemory = 20 }, Grant(1).Trial.Sweep);
        core.Begin(Grant(1), first);
        core.Starts(Grant(1).Trial, 1);
        Assert.NotNull(core.Ask().Gpu!.WhyNot(sweep, null));
        core.Report(Grant(1).Trial, 1, new AttemptEvent.Reported(new EpochReport(1, Report.Metrics.Add("device_memory", 25)), null));
        Assert.Equal((25L, 55L), (core.Ask().Gpu!.NeedOf(sweep, null), core.Ask().Gpu!.Free));
        first.DeviceMemory = 45;
        End(core, Grant(1));
        Assert.Equal((45L, 45L), (core.Ask().Gpu!.NeedOf(sweep, null), core.GpuNeedOf(Grant(2))));
        core.ReadGpus([(new DeviceMemory(50, 80), 20)]);
        Assert.Equal((50L, 50L), (core.Ask().Gpu!.Free, core.Ask().Offer.GpuMemory));
    }

    [Fact]
    public void Where_slots_share_two_GPUs_it_asks_for_the_slots_of_one_and_begins_there()
    {
        var core = new WorkerCore(new LeaseHolder("w", "w@1", "cuda:0,1"), new WorkerOffer(), 4, new Outbox(), null, _time, () => { })
        {
            Gpu = new GpuLedger([new DeviceMemory(0, 80), new DeviceMemory(30, 80)], slots: 4),
        };
        var attempts = Enumerable.Range(1, 3).Select(_ => new Played()).ToList();
        Assert.Equal((2, 0, 80L), (core.Ask().FreeSlots, core.Ask().Ahead, core.Ask().Gpu!.Free));
        core.Begin(Grant(1) with { GpuMemory = 50 }, attempts[0]);
        Assert.Equal((2, 50L), (core.Ask().FreeSlots, core.Ask().Gpu!.Free));
        core.Begin(Grant(2) with { GpuMemory = 50 }, attempts[1]);
        Assert.Equal((1, 30L), (core.Ask().FreeSlots, core.Ask().Gpu!.Free));
        core.Begin(Grant(3) with { GpuMemory = 30 }, attempts[2]);
        Assert.Equal([0, 1, 2], attempts.Select(attempt => attempt.Slot!.Value));
        Assert.Equal((1, 0L), (core.Ask().FreeSlots, core.Ask().Gpu!.Free));
    }

    [Fact]
    public void A_trial_that_has_not_reported_after_ten_seconds_is_measured_and_one_that_never_began_is_not()
    {
        var core = OnGpu();
        core.Begin(Grant(1), new Played { DeviceMemory = 20 });
        core.Starts(Grant(1).Trial, 1);
        core.Begin(Grant(9), new Played());
        End(core, Grant(9));
        _time.Milliseconds = 9_999;
        Assert.Null(core.Ask().Gpu!.NeedOf(Grant(1).Trial.Sweep, null));
        _time.Milliseconds = 10_000;
        Assert.Equal(20, core.Ask().Gpu!.NeedOf(Grant(1).Trial.Sweep, null));
    }

    [Fact]
    public void An_attempt_that_wants_the_worker_alone_waits_for_the_others_and_nothing_begins_beside_it()
    {
        var core = Core(slots: 2);
        var (first, alone, third) = (new Played(), new Played(), new Played());
        core.Begin(Grant(1), first);
        core.Begin(Grant(2) with { Alone = true }, alone);
        core.Begin(Grant(3), third);
        Assert.Equal((null, null), (alone.Slot, third.Slot));
        Assert.Equal(0, core.Ask().FreeSlots);
        End(core, Grant(1));
        Assert.NotNull(alone.Slot);
        Assert.Null(third.Slot);
        End(core, Grant(2));
        Assert.NotNull(third.Slot);
    }

    [Fact]
    public void A_drain_gives_back_what_waits_asks_what_runs_and_takes_nothing_until_it_is_over()
    {
        var core = Core(slots: 1);
        var (first, second) = (new Played(), new Played());
        core.Begin(Grant(1), first);
        core.Begin(Grant(2), second);
        core.Take(core.Ask(), Reply() with { Drain = true });
        Assert.Equal(1, first.TimesGivenBack);
        Assert.IsType<AttemptEvent.Released>(Assert.Single(core.Ask().Events).Event);
        End(core, Grant(1));
        Assert.False(core.Begin(Grant(3), new Played()));
        Assert.Equal((true, 0), (core.Ask().Draining, core.Ask().FreeSlots));
        core.Take(core.Ask(), Reply());
        Assert.True(core.Begin(Grant(3), new Played()));
    }

    [Fact]
    public void A_worker_that_stops_leaves_once_nothing_runs_and_the_head_has_every_event()
    {
        var core = Core();
        core.Begin(Grant(1), new Played());
        core.Stop();
        Assert.False(core.Ask().Leaving);
        End(core, Grant(1));
        Assert.True(core.Ask().Leaving);
        Acknowledge(core);
        Assert.True(core.HasLeft);
    }

    [Fact]
    public void An_order_for_an_attempt_that_waits_is_obeyed_without_the_attempt()
    {
        var core = Core(slots: 1);
        var (dropped, given) = (new Played(), new Played());
        core.Begin(Grant(1), new Played());
        core.Begin(Grant(2), dropped);
        core.Begin(Grant(3), given);
        core.Take(core.Ask(), Reply() with { Orders = [new TrialOrder(Grant(2).Trial, 1), new TrialOrder(Grant(3).Trial, 1, GiveBack: true)] });
        Assert.True(dropped.IsForgotten);
        Assert.Equal(Grant(3).Trial, Assert.Single(core.Ask().Events).Trial);
        End(core, Grant(1));
        Assert.Equal((null, null), (dropped.Slot, given.Slot));
    }

    [Fact]
    public void An_order_that_comes_between_a_slot_and_its_report_loses_no_end()
    {
        var core = Core();
        core.Begin(Grant(1), new Played());
        core.Leave(Grant(1).Trial, 1);
        core.Take(core.Ask(), Reply() with { Orders = [new TrialOrder(Grant(1).Trial, 1)] });
        core.Report(Grant(1).Trial, 1, new AttemptEvent.Stopped());
        Assert.IsType<AttemptEvent.Stopped>(Assert.Single(core.Ask().Events).Event);
    }

    [Fact]
    public void Events_wait_behind_the_upload_of_a_checkpoint_and_lose_it_when_the_head_has_no_room()
    {
        var upload = new TaskCompletionSource<bool>();
        var core = Core(upload: (_, _, _) => upload.Task);
        core.Begin(Grant(1), new Played());
        core.Report(Grant(1).Trial, 1, new AttemptEvent.Reported(Report, new CheckpointFile(1, 0, "ab", 1)));
        End(core, Grant(1));
        var request = core.Ask();
        Assert.Empty(request.Events);
        Assert.Single(request.Running);
        upload.SetResult(false);
        Assert.Equal(
            [new AttemptEvent.Reported(Report, null).ToString(), new AttemptEvent.Completed(null, null).ToString()],
            core.Ask().Events.Select(told => told.Event.ToString()));
    }

    [Fact]
    public void A_report_says_how_long_its_attempt_had_run_when_it_was_made()
    {
        var (files, time) = (new PlayedFiles(), new FakeTimeProvider());
        var core = Core(files: files, time: time);
        var grant = Grant(1) with { Rungs = [Report.Epoch] };
        core.Begin(grant, new Played());
        time.Advance(TimeSpan.FromMinutes(5));
        core.Report(grant.Trial, 1, new AttemptEvent.Started("cpu"));
        time.Advance(TimeSpan.FromSeconds(7));
        core.Report(grant.Trial, 1, new AttemptEvent.Reported(Report, null));
        time.Advance(TimeSpan.FromSeconds(20));
        files.Done.SetResult();
        Assert.Equal(7, Assert.IsType<AttemptEvent.Reported>(core.Ask().Events[^1].Event).Seconds);
    }

    [Fact]
    public void An_end_waits_until_the_head_has_the_files()
    {
        var files = new PlayedFiles();
        var core = Core(files: files);
        core.Begin(Grant(1), new Played());
        core.Report(Grant(1).Trial, 1, new AttemptEvent.Reported(Report, null));
        Assert.Single(core.Ask().Events);
        End(core, Grant(1));
        Assert.Single(core.Ask().Events);
        Assert.Equal([true], files.Sent);
        files.Done.SetResult();
        Assert.IsType<AttemptEvent.Completed>(core.Ask().Events[^1].Event);
    }

    [Fact]
    public void At_a_rung_files_go_up_before_the_report_for_the_trial_may_go_on_elsewhere_at_once()
    {
        var files = new PlayedFiles();
        var core = Core(files: files);
        var grant = Grant(1) with { Rungs = [Report.Epoch] };
        core.Begin(grant, new Played());
        core.Report(grant.Trial, 1, new AttemptEvent.Reported(Report, null));
        Assert.Empty(core.Ask().Events);
        Assert.Equal([false], files.Sent);
        files.Done.SetResult();
        Assert.Single(core.Ask().Events);
    }

    [Fact]
    public void With_a_checkpoint_files_go_up_too_but_a_report_does_not_wait_for_them_for_ever()
    {
        var (files, time) = (new PlayedFiles(), new FakeTimeProvider());
        var core = Core(upload: (_, _, _) => Task.FromResult(true), files: files, time: time);
        core.Begin(Grant(1), new Played());
        core.Report(Grant(1).Trial, 1, new AttemptEvent.Reported(Report, new CheckpointFile(1, 0, "ab", 1)));
        Assert.Empty(core.Ask().Events);
        Assert.Equal([false], files.Sent);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(files.Cancelled);
        Assert.NotNull(Assert.IsType<AttemptEvent.Reported>(Assert.Single(core.Ask().Events).Event).Checkpoint);
    }

    [Fact]
    public void Files_of_a_trial_that_the_head_has_ended_are_on_their_way_all_the_same()
    {
        var files = new PlayedFiles();
        var core = Core(files: files);
        var played = new Played();
        core.Begin(Grant(1), played);
        End(core, Grant(1));
        core.Take(core.Ask(), Reply() with { Orders = [new TrialOrder(Grant(1).Trial, 1)] });
        core.Take(core.Ask(), Reply() with { Orders = [new TrialOrder(Grant(1).Trial, 1)] });
        Assert.Equal((false, 1, false), (played.IsForgotten, core.Held, files.Cancelled));
        files.Done.SetResult();
        Assert.Equal((true, 0), (played.IsForgotten, core.Held));
        Assert.Empty(core.Ask().Events);
    }

    [Fact]
    public void Nobody_waits_for_such_files_for_ever()
    {
        var (files, time) = (new PlayedFiles(), new FakeTimeProvider());
        var core = Core(files: files, time: time);
        core.Begin(Grant(1), new Played());
        End(core, Grant(1));
        core.Take(core.Ask(), Reply() with { Orders = [new TrialOrder(Grant(1).Trial, 1)] });
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(files.Cancelled);
        Assert.Equal(0, core.Held);
    }

    private WorkerCore Core(int slots = 2, UploadCheckpoint? upload = null, PlayedFiles? files = null, TimeProvider? time = null) =>
        new(new LeaseHolder("w", "w@1", "cpu"), new WorkerOffer(), slots, new Outbox(), upload, time ?? _time, () => { }) { Files = files };

    private WorkerCore OnGpu() => new(new LeaseHolder("w", "w@1", "cuda:0"), new WorkerOffer(), 2, new Outbox(), null, _time, () => { })
    {
        Gpu = new GpuLedger([new DeviceMemory(0, 80)], slots: 2),
    };

    private static void End(WorkerCore core, TrialGrant grant)
    {
        core.Report(grant.Trial, grant.Lease, new AttemptEvent.Completed(null, null));
        core.Leave(grant.Trial, grant.Lease);
    }

    private static void Acknowledge(WorkerCore core)
    {
        var request = core.Ask();
        core.Take(request, Reply() with { Acknowledged = request.Events.LastOrDefault()?.Sequence ?? 0 });
    }

    private static ExchangeReply Reply() => new() { HeadEpoch = 1, Acknowledged = 0 };

    private sealed class PlayedFiles : ITrialFiles
    {
        public TaskCompletionSource Done { get; } = new();

        public List<bool> Sent { get; } = [];

        public bool Cancelled { get; private set; }

        public bool Has(TrialId trial) => true;

        public Task SendAsync(TrialGrant grant, bool isLast, CancellationToken cancellation)
        {
            Sent.Add(isLast);
            cancellation.Register(() =>
            {
                Cancelled = true;
                Done.TrySetCanceled(cancellation);
            });
            return Done.Task;
        }
    }

    private sealed class Played : IAttempt
    {
        public TrialProgress? Progress => null;

        public long? DeviceMemory { get; set; }

        public int? Slot { get; private set; }

        public int TimesGivenBack { get; private set; }

        public bool IsForgotten { get; private set; }

        public void Enter(int slot) => Slot = slot;

        public void Decide(int epoch, Verdict verdict)
        {
        }

        public void GiveBack() => TimesGivenBack++;

        public void Stop(string reason)
        {
        }

        public void Forget() => IsForgotten = true;
    }

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
