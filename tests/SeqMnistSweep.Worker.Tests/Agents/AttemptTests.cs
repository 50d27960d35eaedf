using System.Collections.Concurrent;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Agents;
using SeqMnistSweep.Worker.Provisions;

namespace SeqMnistSweep.Worker.Tests.Agents;

/// <summary>Attempts whose runner is a shell script that behaves as badly as a native library can.</summary>
[Collection("alone")]
public sealed class AttemptTests : IDisposable
{
    private const string Begin = """read -r line; echo '{"type":"started"}'; """;

    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-attempt-").FullName;
    private readonly ConcurrentQueue<AttemptEvent> _told = new();

    [Fact]
    public async Task A_runner_that_does_its_work_is_kept_for_the_next_trial()
    {
        const string script = """while read -r line; do echo '{"type":"started"}'; echo "{\"type\":\"report\",\"epoch\":1,\"metrics\":{\"pid\":$$}}"; echo '{"type":"done","test_accuracy":0.5}'; done""";
        await using var slot = Slot(script);
        await RunAsync(slot);
        await RunAsync(slot);
        Assert.Equal(["Started", "Reported", "Completed", "Started", "Reported", "Completed"], _told.Select(told => told.GetType().Name));
        Assert.Single(_told.OfType<AttemptEvent.Reported>().Select(told => told.Report["pid"]).Distinct());
    }

    [Theory]
    [InlineData("kill -ABRT $$", "ended by SIGABRT")]
    [InlineData("kill -SEGV $$", "ended by SIGSEGV")]
    [InlineData("echo 'terminate called: bad_alloc' >&2; exit 3", "exited with code 3: terminate called: bad_alloc")]
    [InlineData("exit 0", "exited with code 0")]
    public async Task A_runner_that_dies_by_itself_has_crashed(string end, string message)
    {
        await using var slot = Slot(Begin + end);
        await RunAsync(slot);
        var failed = Assert.IsType<AttemptEvent.Failed>(_told.Last());
        Assert.Equal(FailureCause.Crashed, failed.Cause);
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_that_was_killed_is_nobodys_fault()
    {
        await using var slot = Slot(Begin + "kill -KILL $$");
        await RunAsync(slot);
        Assert.Contains("SIGKILL", Assert.IsType<AttemptEvent.Killed>(_told.Last()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_over_its_memory_is_ended_and_the_trial_is_out_of_memory()
    {
        // tail keeps a line without an end in memory.
        await using var slot = Slot(Begin + "exec tail /dev/zero");
        using var attempt = Attempt(Grant(), Options("unused") with { SlotMemory = 100 << 20 });
        await attempt.RunAsync(slot, TimeProvider.System).WaitAsync(TimeSpan.FromSeconds(60));
        var failed = Assert.IsType<AttemptEvent.Failed>(_told.Last());
        Assert.Equal(FailureCause.OutOfMemory, failed.Cause);
        Assert.Contains("of the 100 MiB", failed.Message, StringComparison.Ordinal);
        Assert.Contains("--slot-memory", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_is_logged_and_passed_over()
    {
        await using var slot = Slot(Begin + """echo 'hello'; echo '{"type":"nonsense"}'; printf '\001\002\n'; echo warn >&2; echo '{"type":"done"}'; read -r more""");
        await RunAsync(slot);
        Assert.IsType<AttemptEvent.Completed>(_told.Last());
        await slot.DisposeAsync();
        var log = await File.ReadAllTextAsync(Path.Combine(_folder, "logs", "rig-0000", "1.log"));
        Assert.Contains("hello", log, StringComparison.Ordinal);
        Assert.Contains("warn", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_past_its_time_is_ended()
    {
        await using var slot = Slot(Begin + "exec sleep 600");
        await RunAsync(slot, Grant() with { TrialTime = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(FailureCause.Timeout, Assert.IsType<AttemptEvent.Failed>(_told.Last()).Cause);
    }

    [Fact]
    public async Task A_dropped_trial_whose_runner_does_not_stop_is_killed()
    {
        await using var slot = Slot(Begin + "exec sleep 600");
        using var attempt = Attempt(Grant());
        var running = attempt.RunAsync(slot, TimeProvider.System);
        attempt.Drop("cancelled");
        await running.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.IsType<AttemptEvent.Killed>(_told.Last());
    }

    [Fact]
    public async Task A_drain_reaches_the_runner_even_before_it_has_started()
    {
        await using var slot = Slot(Begin + """read -r line; case "$line" in *drain*) echo '{"type":"checkpoint","checkpoint":{"epoch":0,"batch":3,"digest":"ab","bytes":1}}'; echo '{"type":"released"}';; esac; read -r more""");
        using var attempt = Attempt(Grant());
        attempt.Drain();
        await attempt.RunAsync(slot, TimeProvider.System).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(["Started", "Checkpointed", "Released"], _told.Select(told => told.GetType().Name));
    }

    [Fact]
    public async Task A_child_that_holds_the_runners_pipes_does_not_hold_the_slot()
    {
        await using var slot = Slot(Begin + "sleep 30 & kill -KILL $$");
        await RunAsync(slot, limit: 10);
        Assert.IsType<AttemptEvent.Killed>(_told.Last());
    }

    [Fact]
    public async Task A_line_without_an_end_fills_no_memory()
    {
        await using var slot = Slot(Begin + """head -c 200000000 /dev/zero | tr '\0' x; echo; head -c 100000000 /dev/zero >&2; echo '{"type":"done"}'; read -r more""");
        var before = GC.GetTotalAllocatedBytes();
        await RunAsync(slot);
        Assert.IsType<AttemptEvent.Completed>(_told.Last());
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100_000_000);
    }

    [Fact]
    public async Task A_runner_that_reports_without_end_fails_and_fills_no_memory()
    {
        await using var slot = Slot(Begin + """exec yes '{"type":"report","epoch":1,"metrics":{"value":1}}'""");
        await RunAsync(slot, limit: 300);
        var failed = Assert.IsType<AttemptEvent.Failed>(_told.Last());
        Assert.Equal(FailureCause.Crashed, failed.Cause);
        Assert.StartsWith("it reported more than 200000 times", failed.Message, StringComparison.Ordinal);
        Assert.Equal(2 + 200_000, _told.Count);
    }

    [Fact]
    public async Task Messages_that_lack_something_are_passed_over()
    {
        await using var slot = Slot(Begin + """echo '{"type":"report"}'; echo '{"type":"report","epoch":1,"metrics":null}'; echo '{"type":"described"}'; echo '{"type":"done"}'; read -r more""");
        await RunAsync(slot);
        Assert.Equal(["Started", "Completed"], _told.Select(told => told.GetType().Name));
    }

    [Fact]
    public async Task A_runner_that_reads_nothing_can_still_be_dropped()
    {
        await using var slot = Slot("exec sleep 600");
        using var attempt = Attempt(Grant() with { Parameters = new ParameterSet([new("x", ParameterValue.Of(new string('x', 1 << 20)))]) });
        var running = attempt.RunAsync(slot, TimeProvider.System);
        attempt.Drop("cancelled");
        await running.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.IsType<AttemptEvent.Killed>(_told.Last());
    }

    [Fact]
    public async Task An_attempt_that_was_dropped_before_it_began_is_told_to_stop()
    {
        await using var slot = Slot(Begin + """read -r line; case "$line" in *stop*) echo '{"type":"stopped"}';; esac; read -r more""");
        using var attempt = Attempt(Grant(), Options("unused") with { StopGrace = TimeSpan.FromMinutes(1) });
        attempt.Drop("cancelled");
        await attempt.RunAsync(slot, TimeProvider.System).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.IsType<AttemptEvent.Stopped>(_told.Last());
    }

    [Fact]
    public async Task A_limit_of_years_is_none()
    {
        await using var slot = Slot(Begin + """echo '{"type":"done"}'; read -r more""");
        await RunAsync(slot, Grant() with { TrialTime = TimeSpan.FromDays(3650) });
        Assert.IsType<AttemptEvent.Completed>(_told.Last());
    }

    [Fact]
    public async Task A_runner_that_cannot_be_started_says_so()
    {
        await using var slot = new Slot(Options("unused") with { RunnerCommand = ["/nowhere/runner"] });
        await RunAsync(slot);
        Assert.Contains("/nowhere/runner", Assert.IsType<AttemptEvent.Failed>(_told.Single()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task RunAsync(Slot slot, TrialGrant? grant = null, int limit = 60)
    {
        using var attempt = Attempt(grant ?? Grant());
        await attempt.RunAsync(slot, TimeProvider.System).WaitAsync(TimeSpan.FromSeconds(limit));
    }

    private RunnerAttempt Attempt(TrialGrant grant, WorkerOptions? options = null)
    {
        options ??= Options("unused");
        return new RunnerAttempt(grant, options, new AttemptNeeds(options, null, new DatasetNeeds(options, null, TimeProvider.System)), _told.Enqueue);
    }

    private Slot Slot(string script) => new(Options(script));

    private WorkerOptions Options(string script) => new()
    {
        Name = "w",
        Slots = 1,
        CheckpointFolder = Path.Combine(_folder, "checkpoints"),
        LogFolder = Path.Combine(_folder, "logs"),
        RunnerCommand = ["/bin/sh", "-c", script],
        StopGrace = TimeSpan.FromMilliseconds(200),
    };

    private static TrialGrant Grant() => new()
    {
        Trial = new TrialId(SweepId.Parse("rig-0000"), 1),
        Lease = 1,
        Attempt = 1,
        Program = "noop",
        Parameters = ParameterSet.Empty,
        Seed = 1,
        Metric = "value",
        Maximize = false,
    };
}
