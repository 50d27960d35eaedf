using System.Net;
using System.Net.Sockets;
using System.Text;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>What happens to the disk and the file under a running head.</summary>
public sealed class HardCornerTests
{
    private const string Sweep = """
        name: corner
        program: noop
        method: grid
        metric: {name: value, goal: minimize}
        parameters:
          x0: {values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]}
          epochs: {value: 10}
          sleep_ms: {value: 40}
        """;

    [NeedsRootFact]
    public async Task A_full_disk_of_the_head_stops_grants_says_so_and_all_goes_on_once_there_is_room()
    {
        await using var fleet = new Fleet();
        using var disk = new SmallDisk(fleet.Folder("head"), megabytes: 16);
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "2");
        var sweep = await fleet.SubmitAsync(Sweep);
        await fleet.UntilAsync(() => fleet.Load(sweep).Trials.Count(trial => trial.State == TrialState.Completed) >= 2, "two completed trials");
        disk.Fill();

        await UntilTroubleAsync(fleet, "no space is left");
        var why = (await fleet.ClientAsync("show", sweep.Value)).Expect(0).Output;
        Assert.Contains("nothing can be stored at the moment: no space is left", why, StringComparison.Ordinal);
        var stood = fleet.Load(sweep).Trials.Max(trial => trial.Number);
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal(stood, fleet.Load(sweep).Trials.Max(trial => trial.Number));
        Assert.False(fleet.Head.HasExited);
        Assert.Null(DatabaseCopy.Damage(fleet.Reader.Path, thorough: true));

        disk.Free();
        await CompletedAsync(fleet, sweep);
        (await fleet.ClientAsync("health", "--ready", "--timeout", "60s")).Expect(0);
    }

    [Fact]
    public async Task A_database_that_is_moved_under_a_running_head_is_missed_and_goes_on_when_it_is_back()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "2");
        var sweep = await fleet.SubmitAsync(Sweep);
        await fleet.UntilAsync(() => fleet.Load(sweep).Trials.Count(trial => trial.State == TrialState.Completed) >= 2, "two completed trials");
        File.Move(fleet.Reader.Path, fleet.Reader.Path + ".away");
        await UntilTroubleAsync(fleet, "was moved, deleted or replaced under the running head");

        File.Move(fleet.Reader.Path + ".away", fleet.Reader.Path);
        await CompletedAsync(fleet, sweep);
    }

    [NeedsProgramFact("sqlite3")]
    public async Task A_foreign_writer_is_named_and_waited_for_and_a_head_does_not_start_beside_it()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "2");
        var sweep = await fleet.SubmitAsync(Sweep);
        await fleet.UntilAsync(() => fleet.Load(sweep).Trials.Count(trial => trial.State == TrialState.Completed) >= 2, "two completed trials");
        await using (var foreign = new RunningProgram("/bin/sh", ["-c", "(printf '.timeout 5000\\nbegin immediate;\\n'; exec sleep 600) | sqlite3 " + fleet.Reader.Path], fleet.Folder("client")))
        {
            await UntilTroubleAsync(fleet, "locked by another program; it is open in sqlite3 (pid ");
            fleet.Head.Signal("KILL");
            await fleet.Head.EndAsync();
            var refused = await fleet.Place.RunAsync("head", "--db", fleet.Reader.Path, "--http-port", "0", "--silo-port", "0", "--gateway-port", "0");
            Assert.NotEqual(0, refused.Code);
            Assert.Contains("locked by another program; it is open in sqlite3 (pid ", refused.Error, StringComparison.Ordinal);
        }

        await fleet.StartHeadAsync();
        await CompletedAsync(fleet, sweep);
    }

    [Fact]
    public async Task A_worker_of_another_version_than_its_head_s_is_refused_with_both()
    {
        using var head = new TcpListener(IPAddress.Loopback, 0);
        head.Start();
        var answering = Task.Run(async () =>
        {
            const string body = """{"version":"99.1.2","cluster_id":"c","service_id":"s","gateway":"127.0.0.1:1","silo":"127.0.0.1:2","membership":"head","head_epoch":1,"pid":1}""";
            using var client = await head.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096]);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        });
        using var place = new SeqSweep();
        var refused = (await place.RunAsync("worker", "--head", $"http://{head.LocalEndpoint}", "--device", "cpu")).WithoutStackTrace().Expect(6);
        await answering;
        Assert.Contains($"the head at http://{head.LocalEndpoint} is seqsweep 99.1.2, this is ", refused.Error, StringComparison.Ordinal);
    }

    private static async Task UntilTroubleAsync(Fleet fleet, string words)
    {
        var said = "";
        for (var i = 0; i < 100 && !said.Contains(words, StringComparison.Ordinal); i++)
        {
            said = (await fleet.ClientAsync("health", "--ready")).Error;
        }

        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    private static async Task CompletedAsync(Fleet fleet, SweepId sweep)
    {
        var loaded = await fleet.EndedAsync(sweep);
        Assert.Empty(SweepOutcome.Flaws(loaded));
        Assert.Empty(SweepOutcome.EndedOtherThanOnce(loaded, fleet.Reader.Events(sweep)));
        Assert.Equal(30, loaded.Trials.Count);
        Assert.Null(DatabaseCopy.Damage(fleet.Reader.Path, thorough: true));
    }
}
