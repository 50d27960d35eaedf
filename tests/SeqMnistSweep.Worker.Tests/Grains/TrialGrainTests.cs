using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Tests.Support;
using static SeqMnistSweep.Worker.Tests.Support.WorkerRig;

namespace SeqMnistSweep.Worker.Tests.Grains;

/// <summary>Trials whose runner is a shell script that behaves as badly as a native library can.</summary>
[Collection("alone")]
public sealed class TrialGrainTests : IAsyncLifetime
{
    private const string Started = """read -r line; echo '{"type":"started"}'; """;

    private WorkerRig _rig = null!;

    private ImmutableArray<AttemptEvent> Told => _rig.Head.Heard(1);

    private IEnumerable<string> Kinds => Told.Select(told => told.GetType().Name);

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task A_runner_that_does_its_work_is_kept_for_the_next_trial_unless_that_needs_the_device_alone(bool alone, int runners)
    {
        const string script =
            """while read -r line; do echo '{"type":"started"}'; echo "{\"type\":\"report\",\"epoch\":1,\"metrics\":{\"pid\":$$}}"; echo '{"type":"done","test_accuracy":0.5}'; done""";
        await RunAsync(script);
        await _rig.BeginAsync(Grant(2) with { Alone = alone });
        await Until.True(() => _rig.Head.Ended == 2, () => $"{_rig.Head.Ended} ended");
        Assert.Equal(["Started", "Reported", "Completed"], Kinds);
        var processes = Told.Concat(_rig.Head.Heard(2)).OfType<AttemptEvent.Reported>().Select(told => told.Report["pid"]).ToList();
        Assert.Equal(2, processes.Count);
        Assert.Equal(runners, processes.Distinct().Count());
    }

    [Fact]
    public async Task A_crash_on_a_GPU_that_fails_its_test_is_the_device_s_and_the_worker_takes_no_more()
    {
        const string check = "case $0 in --check) echo 'cuInit answers CUDA_ERROR_NO_DEVICE' >&2; exit 2;; esac; ";
        await BeginAsync(check + Started + "exit 3", change: options => options with { Device = "cuda:0", GpuIds = ["GPU-1"] });
        await EndAsync();
        var failed = Assert.IsType<AttemptEvent.Failed>(Told.Last());
        Assert.Equal(FailureCause.Device, failed.Cause);
        Assert.Contains("exited with code 3", failed.Message, StringComparison.Ordinal);
        await Until.True(() => _rig.Head.LastRequest is { Trouble: not null, FreeSlots: 0, Ahead: 0 }, () => $"{_rig.Head.LastRequest}");
        Assert.Contains("CUDA_ERROR_NO_DEVICE", _rig.Head.LastRequest!.Trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill -ABRT $$", "ended by SIGABRT")]
    [InlineData("kill -SEGV $$", "ended by SIGSEGV")]
    [InlineData("echo 'terminate called: bad_alloc' >&2; exit 3", "exited with code 3: terminate called: bad_alloc")]
    [InlineData("exit 0", "exited with code 0")]
    public async Task A_runner_that_dies_by_itself_has_crashed(string end, string message)
    {
        await RunAsync(Started + end);
        var failed = Assert.IsType<AttemptEvent.Failed>(Told.Last());
        Assert.Equal(FailureCause.Crashed, failed.Cause);
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_that_was_killed_is_nobodys_fault()
    {
        await RunAsync(Started + "kill -KILL $$");
        Assert.Contains("SIGKILL", Assert.IsType<AttemptEvent.Killed>(Told.Last()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_over_its_memory_is_ended_and_the_trial_is_out_of_memory()
    {
        // tail keeps a line without an end in memory.
        await BeginAsync(Started + "exec tail /dev/zero", change: options => options with { SlotMemory = 100 << 20 });
        await EndAsync();
        var failed = Assert.IsType<AttemptEvent.Failed>(Told.Last());
        Assert.Equal(FailureCause.OutOfMemory, failed.Cause);
        Assert.Contains("of the 100 MiB", failed.Message, StringComparison.Ordinal);
        Assert.Contains("--slot-memory", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_is_logged_and_passed_over()
    {
        await RunAsync(Started + """echo 'hello'; echo '{"type":"nonsense"}'; printf '\001\002\n'; echo warn >&2; echo '{"type":"done"}'; read -r more""");
        Assert.IsType<AttemptEvent.Completed>(Told.Last());
        await _rig.StopAsync();
        var log = await File.ReadAllTextAsync(Path.Combine(_rig.Folder, "logs", "rig-0000", "1.log"));
        Assert.Contains("hello", log, StringComparison.Ordinal);
        Assert.Contains("warn", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_past_its_time_is_ended()
    {
        await RunAsync(Started + "exec sleep 600", Grant(1) with { TrialTime = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(FailureCause.Timeout, Assert.IsType<AttemptEvent.Failed>(Told.Last()).Cause);
    }

    [Fact]
    public async Task A_stopped_trial_whose_runner_does_not_stop_is_killed()
    {
        await BeginAsync(Started + "exec sleep 600");
        _rig.Order(Grant(1));
        await EndAsync();
        Assert.IsType<AttemptEvent.Killed>(Told.Last());
    }

    [Fact]
    public async Task A_request_to_give_the_slot_back_reaches_a_runner_that_has_not_started_yet()
    {
        await BeginAsync(Started + """read -r line; case "$line" in *drain*) echo '{"type":"checkpoint","checkpoint":{"epoch":0,"batch":3,"digest":"ab","bytes":1}}'; echo '{"type":"released"}';; esac; read -r more""");
        _rig.Order(Grant(1), giveBack: true);
        await EndAsync();
        Assert.Equal(["Started", "Checkpointed", "Released"], Kinds);
    }

    [Fact]
    public async Task A_child_that_holds_the_runners_pipes_does_not_hold_the_slot()
    {
        await RunAsync(Started + "sleep 30 & kill -KILL $$");
        Assert.IsType<AttemptEvent.Killed>(Told.Last());
    }

    [Fact]
    public async Task A_line_without_an_end_fills_no_memory()
    {
        var before = await BeginAsync(
            Started + """head -c 200000000 /dev/zero | tr '\0' x; echo; head -c 100000000 /dev/zero >&2; echo '{"type":"done"}'; read -r more""");
        await EndAsync();
        Assert.IsType<AttemptEvent.Completed>(Told.Last());
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100_000_000);
    }

    [Fact]
    public async Task A_runner_that_reports_without_end_fails_and_fills_no_memory()
    {
        await RunAsync(Started + """exec yes '{"type":"report","epoch":1,"metrics":{"value":1}}'""");
        var failed = Assert.IsType<AttemptEvent.Failed>(Told.Last());
        Assert.Equal(FailureCause.Crashed, failed.Cause);
        Assert.StartsWith("it reported more than 200000 times", failed.Message, StringComparison.Ordinal);
        Assert.Equal(2 + 200_000, Told.Length);
    }

    [Fact]
    public async Task Messages_that_lack_something_are_passed_over()
    {
        await RunAsync(Started + """echo '{"type":"report"}'; echo '{"type":"report","epoch":1,"metrics":null}'; echo '{"type":"described"}'; echo '{"type":"done"}'; read -r more""");
        Assert.Equal(["Started", "Completed"], Kinds);
    }

    [Fact]
    public async Task A_runner_that_reads_nothing_blocks_no_call_and_can_be_stopped()
    {
        var grant = Grant(1) with { Parameters = new ParameterSet([new("x", ParameterValue.Of(new string('x', 1 << 20)))]) };
        await BeginAsync("exec sleep 600", grant);
        Assert.Null(await _rig.Trial(grant).GetProgress());
        _rig.Order(grant);
        await EndAsync();
        Assert.IsType<AttemptEvent.Killed>(Told.Last());
    }

    [Fact]
    public async Task A_trial_that_is_stopped_before_its_runner_reads_is_told_to_stop()
    {
        await BeginAsync(
            Started + """read -r line; case "$line" in *stop*) echo '{"type":"stopped"}';; esac; read -r more""",
            change: options => options with { StopGrace = TimeSpan.FromMinutes(1) });
        _rig.Order(Grant(1));
        await EndAsync();
        Assert.IsType<AttemptEvent.Stopped>(Told.Last());
    }

    [Fact]
    public async Task A_limit_of_years_is_none()
    {
        await RunAsync(Started + """echo '{"type":"done"}'; read -r more""", Grant(1) with { TrialTime = TimeSpan.FromDays(3650) });
        Assert.IsType<AttemptEvent.Completed>(Told.Last());
    }

    [Fact]
    public async Task A_runner_that_cannot_be_started_says_so()
    {
        await BeginAsync("unused", change: options => options with { RunnerCommand = ["/nowhere/runner"] });
        await EndAsync();
        Assert.Contains("/nowhere/runner", Assert.IsType<AttemptEvent.Failed>(Told.Single()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_trial_tells_its_progress_and_a_trial_that_is_over_has_none()
    {
        await BeginAsync(Started
            + """echo '{"type":"progress","progress":{"epoch":2,"epochs":5,"batch":120,"batches":391,"loss":0.21,"batches_per_second":5.4}}'; """
            + """read -r line; echo '{"type":"stopped"}'; read -r more""");
        var trial = _rig.Trial(Grant(1));
        Trainables.TrialProgress? progress = null;
        await Until.True(async () => (progress = await trial.GetProgress()) is not null, () => "it told no progress");
        Assert.Equal((2, 120), (progress!.Epoch, progress.Batch));
        _rig.Order(Grant(1));
        await EndAsync();
        await Until.True(() => _rig.Core.IsIdle, () => $"{_rig.Core.Held} held");
        Assert.Null(await trial.GetProgress());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    /// <summary>Runs the attempt to its end.</summary>
    private async Task RunAsync(string script, TrialGrant? grant = null)
    {
        await BeginAsync(script, grant);
        await EndAsync();
    }

    /// <returns>Bytes that were allocated before the attempt began.</returns>
    private async Task<long> BeginAsync(string script, TrialGrant? grant = null, Func<WorkerOptions, WorkerOptions>? change = null)
    {
        _rig = await StartAsync(1, options =>
        {
            options = options with { RunnerCommand = ["/bin/sh", "-c", script], Isolate = true, StopGrace = TimeSpan.FromMilliseconds(200) };
            return change?.Invoke(options) ?? options;
        });
        var before = GC.GetTotalAllocatedBytes();
        await _rig.BeginAsync(grant ?? Grant(1));
        return before;
    }

    private Task EndAsync() => Until.True(() => _rig.Head.Ended == 1, () => string.Join(' ', Kinds.TakeLast(9)));
}
