using System.Collections.Immutable;
using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Tests.Http;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Tests.Support;

namespace SeqMnistSweep.Worker.Tests.TrialInputs;

/// <summary>A trial's own files and its log between a worker and the head's real HTTP end; the trials are shell scripts.</summary>
public sealed class TrialFilesTests
{
    [Fact]
    public async Task Files_and_log_are_on_the_head_when_the_end_is_told_and_nothing_stays_here()
    {
        await using var head = await HttpHead.StartAsync();
        await using var rig = await RigAsync(head);
        var kept = new List<string>();
        rig.Head.OnRequest = request => kept.AddRange(request.Events.Any(told => told.Event.EndsAttempt) ? Names(head) : []);
        await RunAsync(rig, 1, """
            cd "$SEQSWEEP_OUTPUT"; mkdir 'a b'; echo one > 'a b/one'; echo two > two; ln -s /etc/passwd link; echo x > "$(printf 'a\nb')"
            echo said >&2
            """);
        Assert.Equal(["a b/one", "two"], kept.Distinct());
        Assert.Equal("said\nseqsweep: the file 'a b' is not kept: 'a file's name' has 1 to 500 characters and no control characters\n", await File.ReadAllTextAsync(LogOf(head, 1)));
        await Until.True(() => !Directory.Exists(Path.Combine(rig.Folder, "outputs", "rig-0000", "1")), () => "its folder is still there");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(rig.Folder, "logs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_later_attempt_goes_on_with_the_files_and_what_it_deletes_goes_on_the_head_too()
    {
        await using var head = await HttpHead.StartAsync();
        await using var rig = await RigAsync(head);
        await RunAsync(rig, 1, """cd "$SEQSWEEP_OUTPUT"; echo one > log; echo old > old; mkdir x; echo y > x/y""");
        await head.Store.Writer.WriteAsync(HttpHead.Sweep, [new SweepChange.TrialUpdated(HttpHead.NewTrial(1) with { Attempts = 2 }, 1)]);
        await RunAsync(rig, 2, """cd "$SEQSWEEP_OUTPUT"; echo two >> log; rm old; cat x/y >&2""");
        Assert.Equal(["log", "x/y"], Names(head));
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(head.Options.OutputFolder, "rig-0000", "1", "log")));
        Assert.Equal("y\n", await File.ReadAllTextAsync(LogOf(head, 2)));
    }

    [Fact]
    public async Task A_log_that_a_killed_worker_left_behind_goes_with_the_next()
    {
        await using var head = await HttpHead.StartAsync();
        await using var rig = await RigAsync(head);
        await head.Store.Writer.WriteAsync(HttpHead.Sweep, [new SweepChange.TrialUpdated(HttpHead.NewTrial(1) with { Attempts = 2 }, 1)]);
        var left = Path.Combine(rig.Folder, "logs", "rig-0000", "1", "1.log");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        await File.WriteAllTextAsync(left, "before the kill\n");
        Assert.Equal("before the kill\n", rig.Agent.ReadLog(new TrialId(HttpHead.Sweep, 1), after: 0, 0).Text);
        Assert.Equal("", rig.Agent.ReadLog(new TrialId(HttpHead.Sweep, 1), after: 1, 0).Text);
        await RunAsync(rig, 1, "echo after it >&2", attempt: 2);
        Assert.Equal(("before the kill\n", "after it\n"), (await File.ReadAllTextAsync(LogOf(head, 1)), await File.ReadAllTextAsync(LogOf(head, 2))));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task A_trial_without_files_leaves_no_folder()
    {
        await using var rig = await WorkerRig.StartAsync(1, options => options with { Programs = ProgramPolicy.Any });
        await RunAsync(rig, 1, """test -d "$SEQSWEEP_OUTPUT" || exit 3""");
        Assert.IsType<AttemptEvent.Completed>(rig.Head.Heard(1).Last());
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "outputs", "rig-0000", "1")));
        await RunAsync(rig, 2, """echo x > "$SEQSWEEP_OUTPUT/x" """);
        Assert.Equal(["x"], OutputFolder.List(Path.Combine(rig.Folder, "outputs", "rig-0000", "1")).Select(file => file.Name));
    }

    private static IEnumerable<string> Names(HttpHead head) =>
        OutputFolder.List(Path.Combine(head.Options.OutputFolder, "rig-0000", "1")).Select(file => file.Name);

    private static string LogOf(HttpHead head, int attempt) => Path.Combine(head.Options.LogFolder, "rig-0000", "1", $"{attempt}.log");

    private static Task<WorkerRig> RigAsync(HttpHead head) =>
        WorkerRig.StartAsync(1, options => options with { HeadUrl = head.Url, HeadToken = _ => head.AdminToken, Programs = ProgramPolicy.Any });

    private static async Task RunAsync(WorkerRig rig, int ended, string script, int? attempt = null)
    {
        rig.Head.Offer([WorkerRig.Grant(1, attempt ?? ended, "script") with { Command = ImmutableArray.Create("/bin/sh", "-c", script) }]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == ended && rig.Core.IsIdle, () => $"{rig.Head.Ended} ended, {string.Join(", ", rig.Head.Heard(1))}");
    }
}
