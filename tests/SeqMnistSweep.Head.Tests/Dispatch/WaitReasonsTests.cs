using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Dispatch;

public sealed class WaitReasonsTests
{
    private static readonly SweepId Id = SweepId.Parse("own-0000");
    private static readonly SweepStanding Waiting = new(Id, SweepState.Running, 0, 0, null, null, new PlacementConstraint(null, null));

    [Fact]
    public void Nothing_is_to_be_said_of_a_sweep_that_runs_or_has_ended()
    {
        Assert.Null(Of(Waiting with { Running = 1 }));
        Assert.Null(Of(Waiting with { State = SweepState.Completed }));
    }

    [Fact]
    public void What_holds_the_sweep_itself_comes_before_the_workers()
    {
        Assert.Equal("it is paused by ada: lunch", WaitReasons.Of(Waiting with { State = SweepState.Paused }, "by ada: lunch", [], null));
        Assert.Equal("nothing can be stored at the moment: no space", WaitReasons.Of(Waiting, null, [], "no space"));
        Assert.Equal(
            "nothing can be stored at the moment: no space; what runs trains on and tells of it later", WaitReasons.Of(Waiting with { Running = 2 }, null, [], "no space"));
        Assert.Equal("it is stopping: no new trial starts", Of(Waiting with { State = SweepState.Stopping, Leased = 1 }));
        Assert.Equal("max_parallel (1) is reached by trials that are about to start", Of(Waiting with { Leased = 1, MaxParallel = 1 }));
    }

    [Fact]
    public void Workers_that_are_missing_draining_or_do_not_fit_are_named()
    {
        Assert.Equal("no worker has joined yet", Of(Waiting));
        Assert.Equal("no worker is there: a is lost, b is gone", Of(Waiting, Worker("a", WorkerState.Lost), Worker("b", WorkerState.Gone)));
        Assert.Equal(
            "no worker takes trials: a (drained by ada: heat), b",
            Of(Waiting, Worker("a", WorkerState.Draining) with { Reason = "drained by ada: heat" }, Worker("b", WorkerState.Drained), Worker("c", WorkerState.Lost)));
        var picky = Waiting with { PlacementConstraint = new PlacementConstraint("train.py", "a100") };
        Assert.Equal(
            "no worker fits: it needs --programs (the sweep runs train.py) and the tag 'a100'; ready are a",
            Of(picky, Worker("a", WorkerState.Ready) with { Tags = ["a100"] }));
    }

    [Fact]
    public void Busy_slots_name_the_sweeps_that_have_them_and_back_off_names_its_end()
    {
        var busy = Worker("a", WorkerState.Ready) with { Running = [new RunningAttempt(new TrialId(SweepId.Parse("other-1111"), 4), 1, null)] };
        Assert.Equal("1 slot, all busy with sweep other-1111", Of(Waiting, busy));
        Assert.Equal("a worker takes its next trial within a second", Of(Waiting, busy, Worker("b", WorkerState.Ready)));
        Assert.Equal(
            "what is left failed before and is tried again at 10:00:05 UTC",
            Of(Waiting with { Until = new DateTimeOffset(2026, 9, 30, 10, 0, 5, TimeSpan.Zero) }, Worker("b", WorkerState.Ready)));
    }

    [Fact]
    public void A_GPU_without_memory_for_one_more_trial_is_named_with_the_numbers()
    {
        var running = new RunningAttempt(new TrialId(SweepId.Parse("other-1111"), 4), 1, null);
        var full = new GpuShare { Capacity = 80L << 30, Most = 80L << 30, Free = 20L << 30, Trials = 1, Sweeps = [new SweepMemory(Id, 30L << 30)] };
        var gpu = Worker("gpu-1", WorkerState.Ready) with { Slots = 4, Running = [running], Gpu = full };
        Assert.Equal("gpu-1: a trial needs 30 GiB of GPU memory, as was measured, and 20 GiB are free", Of(Waiting, gpu));
        Assert.Equal("gpu-1: its first trial there is being measured", Of(Waiting, gpu with { Gpu = full with { Sweeps = [new SweepMemory(Id, null)] } }));
        Assert.Equal("a worker takes its next trial within a second", Of(Waiting, gpu, Worker("b", WorkerState.Ready)));
    }

    private static string? Of(SweepStanding sweep, params WorkerInfo[] workers) => WaitReasons.Of(sweep, null, workers, null);

    private static WorkerInfo Worker(string name, WorkerState state) => new() { Name = name, State = state, Device = "cpu", Slots = 1, Incarnation = $"{name}-1" };
}
