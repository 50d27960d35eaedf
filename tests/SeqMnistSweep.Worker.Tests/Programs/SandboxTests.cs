using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Tests.Support;

namespace SeqMnistSweep.Worker.Tests.Programs;

/// <summary>What a user's program sees and may do, as shell scripts on a worker whose head the test plays.</summary>
public sealed class SandboxTests : IDisposable
{
    private readonly string _outside = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), $".seqsweep-sandbox-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_outside);

    [Fact]
    public void It_works_where_these_tests_run() => Assert.Null(Sandbox.Problem());

    [Fact]
    public async Task A_program_in_it_writes_its_checkpoints_and_nothing_else()
    {
        await using var rig = await RigAsync(sandbox: true);
        await RunAsync(rig, $$"""
            touch {{_outside}} && echo outside
            touch here && echo here
            touch /tmp/mine && echo tmp
            echo 1 > "$SEQSWEEP_CHECKPOINT_FOLDER/last.pt" && echo '{"value":1,"checkpoint":"last.pt"}'
            """);
        Assert.Equal(["tmp"], (await LogAsync(rig)).Where(line => !line.Contains("touch:", StringComparison.Ordinal)));
        Assert.Contains(rig.Head.Heard(1), told => told is AttemptEvent.Reported { Checkpoint: not null });
        Assert.IsType<AttemptEvent.Completed>(rig.Head.Heard(1).Last());
        Assert.False(File.Exists("/tmp/mine") || File.Exists(_outside));
    }

    [Fact]
    public async Task It_sees_no_other_process_and_no_runtime_folder()
    {
        await using var rig = await RigAsync(sandbox: true);
        await RunAsync(rig, """echo "$(cat /proc/[0-9]*/comm | grep -c dotnet) $(ls /run | grep -vc systemd)"; echo '{"value":1}'""");
        Assert.Equal(["0 0"], await LogAsync(rig));
    }

    [Fact]
    public async Task On_a_GPU_with_MPS_it_reaches_the_pipes_and_the_shared_memory_and_without_neither()
    {
        var pipes = Directory.CreateTempSubdirectory("seqsweep-mps-").FullName;
        var shared = $"/dev/shm/seqsweep-{Guid.NewGuid():N}";
        File.WriteAllText(Path.Combine(pipes, "control"), "");
        File.WriteAllText(shared, "");
        var script = $$"""
            ls "$CUDA_MPS_PIPE_DIRECTORY" {{pipes}} 2>/dev/null | sort -u
            { echo hello >> {{pipes}}/control; } 2>/dev/null
            [ -e {{shared}} ] && echo shared
            echo '{"value":1}'
            """;
        try
        {
            await using (var rig = await RigAsync(sandbox: true))
            {
                await RunAsync(rig, script);
                Assert.DoesNotContain(await LogAsync(rig), line => line is "control" or "shared");
            }

            await using (var rig = await RigAsync(sandbox: true, mps: new MpsShare(pipes, () => true, () => Task.CompletedTask)))
            {
                await RunAsync(rig, script);
                Assert.Equal(["control", "shared"], (await LogAsync(rig)).Where(line => line is "control" or "shared"));
            }

            Assert.Equal("hello\n", File.ReadAllText(Path.Combine(pipes, "control")));
        }
        finally
        {
            Directory.Delete(pipes, recursive: true);
            File.Delete(shared);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_is_told_to_end_as_well(bool sandbox)
    {
        await using var rig = await RigAsync(sandbox);
        rig.Head.Offer([Shell("""trap 'echo told; exit 0' TERM; echo '{"value":1}'; while :; do sleep 0.05; done""")]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Any(), () => string.Join(", ", rig.Head.Heard(1)));
        rig.Head.Order(Shell("").Trial, 1);
        rig.Agent.Poke();
        await EndedAsync(rig);
        Assert.IsType<AttemptEvent.Stopped>(rig.Head.Heard(1).Last());
        Assert.Contains("told", await LogAsync(rig));
    }

    [Theory]
    [InlineData(false, "[] [here]")]
    [InlineData(true, "[kept] [here]")]
    public async Task A_program_gets_what_is_passed_to_it(bool whole, string seen)
    {
        Environment.SetEnvironmentVariable("SANDBOX_TESTS_SECRET", "kept");
        Environment.SetEnvironmentVariable("SANDBOX_TESTS_NAMED", "here");
        Environment.SetEnvironmentVariable("SEQSWEEP_TOKEN", "ours");
        try
        {
            var passed = whole ? ProgramEnvironment.Whole : ProgramEnvironment.Least.With(["SANDBOX_TESTS_NAMED"]);
            await using var rig = await RigAsync(sandbox: false, passed);
            await RunAsync(rig, """echo "[$SANDBOX_TESTS_SECRET] [$SANDBOX_TESTS_NAMED]$SEQSWEEP_TOKEN"; echo '{"value":1}'""");
            Assert.Equal([seen], await LogAsync(rig));
        }
        finally
        {
            Environment.SetEnvironmentVariable("SEQSWEEP_TOKEN", null);
        }
    }

    private static Task<WorkerRig> RigAsync(bool sandbox, ProgramEnvironment? environment = null, MpsShare? mps = null) => WorkerRig.StartAsync(1, options => options with
    {
        GpuIds = mps is null ? [] : ["GPU-1"],
        Device = mps is null ? "cpu" : "cuda:0",
        Mps = mps,
        Programs = ProgramPolicy.Any,
        ProgramFolder = Path.GetDirectoryName(options.LogFolder),
        ProgramEnvironment = environment ?? ProgramEnvironment.Least,
        UsesSandbox = sandbox,
    });

    private static async Task RunAsync(WorkerRig rig, string script)
    {
        rig.Head.Offer([Shell(script)]);
        rig.Agent.Poke();
        await EndedAsync(rig);
    }

    private static Task EndedAsync(WorkerRig rig) => Until.True(() => rig.Head.Ended == 1, () => string.Join(", ", rig.Head.Heard(1)));

    private static TrialGrant Shell(string script) =>
        WorkerRig.Grant(1, 1, "script") with { Command = ImmutableArray.Create("/bin/sh", "-c", script), Rungs = [1], Threads = 2 };

    private static Task<string[]> LogAsync(WorkerRig rig) => File.ReadAllLinesAsync(Path.Combine(rig.Folder, "logs", "rig-0000", "1.log"));
}
