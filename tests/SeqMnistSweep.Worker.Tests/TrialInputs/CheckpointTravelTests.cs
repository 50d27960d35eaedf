using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using SeqMnistSweep.Head.Tests.Http;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Tests.Support;

namespace SeqMnistSweep.Worker.Tests.TrialInputs;

/// <summary>Checkpoints between a worker and the head's real HTTP end; the trials are shell scripts.</summary>
public sealed class CheckpointTravelTests
{
    private const string TwoEpochs = """
        cd "$SEQSWEEP_CHECKPOINT_FOLDER"
        echo one > one.pt; echo '{"epoch":1,"value":1,"checkpoint":"one.pt"}'
        echo two > two.pt; echo '{"epoch":2,"value":2,"checkpoint":"two.pt"}'
        """;

    [Fact]
    public async Task A_checkpoint_is_told_of_only_when_the_head_has_it_and_nothing_stays_here()
    {
        await using var head = await HttpHead.StartAsync();
        await using var rig = await RigAsync(head);
        var missing = 0;
        rig.Head.OnRequest = request => missing += request.Events.Select(told => told.Event).OfType<AttemptEvent.Reported>()
            .Count(told => told.Checkpoint is { } checkpoint && !File.Exists(head.FileOf(1, checkpoint)));
        await RunAsync(rig, TwoEpochs);
        Assert.Equal(["Started", "Reported", "Reported", "Completed"], Names(rig));
        Assert.All(rig.Head.Heard(1).OfType<AttemptEvent.Reported>(), told => Assert.NotNull(told.Checkpoint));
        Assert.Equal(0, missing);
        await Until.True(() => !Directory.Exists(Path.Combine(rig.Folder, "checkpoints", "rig-0000", "1")), () => "its folder is still there");
    }

    [Fact]
    public async Task While_the_head_fails_the_slot_is_free_for_others_and_the_order_is_kept()
    {
        var fails = true;
        await using var head = await HttpHead.StartAsync(before: context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Volatile.Read(ref fails);
        });
        await using var rig = await RigAsync(head);
        rig.Head.Offer([Shell(1, TwoEpochs)]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.LastRequest is { FreeSlots: 1, Running: [{ Trial.Number: 1 }] }, () => $"{rig.Head.LastRequest}");
        rig.Head.Offer([Shell(2, "true")]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == 1, () => $"{rig.Head.Ended} ended");
        Assert.Equal(["Started"], Names(rig));
        Volatile.Write(ref fails, false);
        await Until.True(() => rig.Head.Ended == 2, () => $"{rig.Head.Ended} ended");
        Assert.Equal(["Started", "Reported", "Reported", "Completed"], Names(rig));
        Assert.All(rig.Head.Heard(1).OfType<AttemptEvent.Reported>(), told => Assert.True(File.Exists(head.FileOf(1, told.Checkpoint!))));
    }

    [Fact]
    public async Task A_checkpoint_with_the_bytes_of_one_before_the_last_is_there_too_though_its_file_has_left_the_spool()
    {
        var fails = true;
        await using var head = await HttpHead.StartAsync(before: context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Volatile.Read(ref fails);
        });
        await using var rig = await RigAsync(head);
        rig.Head.Offer([Shell(1, """
            cd "$SEQSWEEP_CHECKPOINT_FOLDER"; echo one > a; echo two > b; echo one > c
            for file in a b c; do echo "{\"value\":1,\"checkpoint\":\"$file\"}"; done
            """)]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.LastRequest is { FreeSlots: 1, Running: [{ Trial.Number: 1 }] }, () => $"{rig.Head.LastRequest}");
        Volatile.Write(ref fails, false);
        await Until.True(() => rig.Head.Ended == 1, () => $"{rig.Head.Ended} ended");
        var told = rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Select(report => report.Checkpoint!).ToList();
        Assert.Equal((3, told[0].Digest), (told.Count, told[2].Digest));
        Assert.All(told, checkpoint => Assert.True(File.Exists(head.FileOf(1, checkpoint))));
    }

    [Fact]
    public async Task Where_there_is_no_room_reports_count_without_their_checkpoints()
    {
        await using var head = await HttpHead.StartAsync(change: options => options with { CheckpointQuota = 1 });
        await using var rig = await RigAsync(head);
        await RunAsync(rig, TwoEpochs);
        Assert.Equal([null, null], rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Select(told => told.Checkpoint));
        Assert.IsType<AttemptEvent.Completed>(rig.Head.Heard(1).Last());
    }

    [Fact]
    public async Task A_trial_goes_on_from_the_heads_copy()
    {
        await using var head = await HttpHead.StartAsync();
        byte[] bytes = [.. "state of epoch three"u8];
        await head.AddAsync(1, bytes, TrialState.Running);
        await using var rig = await RigAsync(head);
        var resume = new CheckpointFile(3, 0, HttpHead.DigestOf(bytes), bytes.Length);
        await RunAsync(rig, """grep -q "epoch three" "$SEQSWEEP_RESUME" && echo '{"value":4}'""", grant => grant with { Resume = resume });
        Assert.Equal(4, rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Single().Report.Epoch);
    }

    [Fact]
    public async Task A_folder_comes_back_under_its_own_name_and_a_file_with_its_suffix()
    {
        await using var head = await HttpHead.StartAsync();
        await using var rig = await RigAsync(head);
        await RunAsync(rig, """
            cd "$SEQSWEEP_CHECKPOINT_FOLDER"; mkdir -p checkpoint-500/sub checkpoint-500/empty
            echo state > checkpoint-500/trainer_state.json; echo shard > checkpoint-500/sub/1; ln -s /etc/passwd checkpoint-500/link
            echo '{"epoch":1,"value":1,"checkpoint":"checkpoint-500"}'
            """);
        var folder = rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Single().Checkpoint!;
        Assert.Equal(("checkpoint-500/", $"{folder.Digest}.tar"), (folder.Name, folder.FileName));
        await RunAsync(rig, """
            cd "$SEQSWEEP_RESUME" || exit 3
            [ "$(basename "$PWD")" = checkpoint-500 ] && [ -d empty ] && [ ! -e link ] && [ "$(cat trainer_state.json sub/1)" = "$(printf 'state\nshard')" ] || exit 4
            echo weights > "$SEQSWEEP_CHECKPOINT_FOLDER/last.pt"; echo '{"epoch":2,"value":1,"checkpoint":"last.pt"}'
            """, grant => grant with { Lease = 2, Attempt = 2, Resume = folder });
        var file = rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Last().Checkpoint!;
        Assert.Equal(("last.pt", $"{file.Digest}.pt"), (file.Name, file.FileName));
        await RunAsync(rig, """case "$SEQSWEEP_RESUME" in *.pt) grep -q weights "$SEQSWEEP_RESUME" ;; *) exit 3 ;; esac""", grant => grant with { Lease = 3, Attempt = 3, Resume = file });
        Assert.All(rig.Head.Heard(1).Where(told => told.EndsAttempt), told => Assert.IsType<AttemptEvent.Completed>(told));
    }

    [Fact]
    public async Task Of_a_checkpoint_that_is_nowhere_the_head_is_told()
    {
        await using var head = await HttpHead.StartAsync();
        await using var rig = await RigAsync(head);
        var resume = new CheckpointFile(3, 0, new string('a', 64), 10);
        await RunAsync(rig, "true", grant => grant with { Resume = resume });
        var lost = Assert.IsType<AttemptEvent.CheckpointLost>(rig.Head.Heard(1).Single());
        Assert.Equal(resume, lost.Checkpoint);
        Assert.Contains("is missing", lost.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_damaged_in_a_shared_folder_is_never_gone_on_from()
    {
        await using var rig = await WorkerRig.StartAsync(1, options => options with { Programs = ProgramPolicy.Any });
        byte[] bytes = [.. "state of epoch three"u8];
        var resume = new CheckpointFile(3, 0, HttpHead.DigestOf(bytes), bytes.Length);
        bytes[7] ^= 1;
        var folder = Directory.CreateDirectory(Path.Combine(rig.Folder, "checkpoints", "rig-0000", "1")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, resume.FileName), bytes);
        await RunAsync(rig, "true", grant => grant with { Resume = resume });
        var lost = Assert.IsType<AttemptEvent.CheckpointLost>(rig.Head.Heard(1).Single());
        Assert.Contains("is damaged", lost.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_breaks_off_is_gone_on_with()
    {
        var ranges = new List<string>();
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i / 3))];
        await using var head = await HttpHead.StartAsync(before: context =>
        {
            if (!HttpMethods.IsGet(context.Request.Method))
            {
                return false;
            }

            ranges.Add(context.Request.Headers.Range.ToString());
            if (ranges.Count > 1)
            {
                return false;
            }

            context.Response.ContentLength = bytes.Length;
            context.Response.Body.WriteAsync(bytes.AsMemory(0, 100_000)).AsTask().GetAwaiter().GetResult();
            context.Response.Body.FlushAsync().GetAwaiter().GetResult();
            context.Abort();
            return true;
        });
        await head.AddAsync(1, bytes, TrialState.Running);
        await using var rig = await RigAsync(head);
        await RunAsync(rig, """echo "{\"value\":$(wc -c < "$SEQSWEEP_RESUME")}" """, grant => grant with { Resume = new CheckpointFile(1, 0, HttpHead.DigestOf(bytes), bytes.Length) });
        Assert.Equal(300_000, rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Single().Report["value"]);
        Assert.True(ranges.Count > 1, "it broke off once");
    }

    [Fact]
    public async Task An_order_ends_the_wait_for_an_upload()
    {
        await using var head = await HttpHead.StartAsync(before: context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return true;
        });
        await using var rig = await RigAsync(head);
        var grant = Shell(1, TwoEpochs);
        rig.Head.Offer([grant]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.LastRequest is { FreeSlots: 1, Running: [{ Trial.Number: 1 }] }, () => $"{rig.Head.LastRequest}");
        rig.Head.Order(grant.Trial, grant.Lease);
        await Until.True(() => rig.Core.IsIdle, () => $"{rig.Core.Held} held");
        Assert.Equal(["Started"], Names(rig));
    }

    private static Task<WorkerRig> RigAsync(HttpHead head) => WorkerRig.StartAsync(1, options => options with { HeadUrl = head.Url, HeadToken = _ => head.AdminToken, Programs = ProgramPolicy.Any });

    private static async Task RunAsync(WorkerRig rig, string script, Func<TrialGrant, TrialGrant>? change = null)
    {
        var (grant, ended) = (Shell(1, script), rig.Head.Ended + 1);
        rig.Head.Offer([change?.Invoke(grant) ?? grant]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Ended == ended && rig.Core.IsIdle, () => $"{rig.Head.Ended} ended, {string.Join(", ", rig.Head.Heard(1))}");
    }

    private static TrialGrant Shell(int trial, string script) =>
        WorkerRig.Grant(trial, 1, "script") with { Command = ImmutableArray.Create("/bin/sh", "-c", script) };

    private static IEnumerable<string> Names(WorkerRig rig) => rig.Head.Heard(1).Where(told => told is not AttemptEvent.Described).Select(told => told.GetType().Name);
}
