using System.Text.RegularExpressions;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>Nothing is killed while it still does what it was told to do before it ends.</summary>
public sealed partial class GraceTests
{
    // Over the drain itself: the host's ShutdownTimeout in WorkerHost and HeadHost.
    private static readonly TimeSpan WorkerLeaves = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan HeadStops = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Started => new(DeployedCommand.All.Where(command => command.Grace is not null).Select(command => command.ToString()));

    [Theory]
    [MemberData(nameof(Started))]
    public void The_grace_period_is_longer_than_it_takes_to_leave(string text)
    {
        var command = DeployedCommand.All.First(command => command.ToString() == text && command.Grace is not null);
        Assert.Contains(command.Verb, new[] { "head", "worker" });
        if (command.Verb == "worker")
        {
            Assert.True(command["--drain-time"] is not null, "a worker whose drain time is not written cannot be compared with a grace period");
        }

        var needed = command.Verb == "head" ? HeadStops : DeployFiles.Time(command["--drain-time"]!) + WorkerLeaves;
        Assert.True(command.Grace > needed, $"{command.Grace} to leave, {needed} needed");
    }

    [Fact]
    public void A_batch_job_leaves_by_itself_before_Slurm_tells_it_to()
    {
        const string file = "slurm/worker-array.sbatch";
        var worker = DeployedCommand.In(file).Single();
        var limit = TimeSpan.Parse(TimeLimit().Match(DeployFiles.Read(file)).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(DeployFiles.Time(worker["--max-time"]!) + DeployFiles.Time(worker["--drain-time"]!) + WorkerLeaves < limit - worker.Grace, $"{worker} has {limit}");
        Assert.NotNull(worker["--until-idle"]);
    }

    /// <summary>A runner that got SIGTERM itself would die before it has written its checkpoint.</summary>
    [Fact]
    public void The_signal_goes_to_the_worker_and_not_to_its_runners()
    {
        Assert.Equal("mixed", DeployFiles.Unit("systemd/seqsweep-worker@.service")["Service.KillMode"].Single());
        Assert.Single(DeployFiles.Joined(DeployFiles.Read("slurm/worker-array.sbatch")), line => line.StartsWith("exec seqsweep worker ", StringComparison.Ordinal));
        Assert.All(["head", "worker"], part => Assert.Equal("""["seqsweep"]""", DeployFiles.Dockerfile($"docker/Dockerfile.{part}").Single(line => line.Instruction == "ENTRYPOINT").Value));
    }

    [GeneratedRegex(@"^#SBATCH --time=(\d\d:\d\d:\d\d)$", RegexOptions.Multiline)]
    private static partial Regex TimeLimit();
}
