using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Devices;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Tests.Devices;

/// <summary>With a stub of NVIDIA's program on the path that writes down what it is told.</summary>
[Collection("alone")]
public sealed class MpsDaemonTests : IDisposable
{
    /// <summary>Its daemon is a process with the program's name that waits; <c>quit</c> ends it.</summary>
    private const string Stub = """
        #!/bin/sh
        here=$(dirname "$0")
        pid=$CUDA_MPS_PIPE_DIRECTORY/nvidia-cuda-mps-control.pid
        case $1 in
          -d) echo "start $CUDA_VISIBLE_DEVICES $CUDA_MPS_PIPE_DIRECTORY $CUDA_MPS_LOG_DIRECTORY $(stat -c %a "$CUDA_MPS_PIPE_DIRECTORY") $(stat -c %a "$CUDA_MPS_LOG_DIRECTORY")" >> "$here/told"
              if [ -f "$here/refuses" ]; then echo "no GPU" >&2; exit 1; fi
              setsid "$0" wait > /dev/null 2>&1 < /dev/null &
              until tr '\0' ' ' < /proc/$!/cmdline | grep -q '^/bin/sh .*wait'; do sleep 0.01; done
              echo $! > "$pid" ;;
          wait) while :; do sleep 0.1; done ;;
          *) read -r line; echo "$line" >> "$here/told"; kill "$(cat "$pid")" ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("mps-").FullName;
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private readonly List<string> _said = [];

    public MpsDaemonTests()
    {
        var program = Path.Combine(_folder, MpsDaemon.Program);
        File.WriteAllText(program, Stub);
        System.Diagnostics.Process.Start("chmod", ["+x", program]).WaitForExit();
        Environment.SetEnvironmentVariable("PATH", $"{_folder}:{_path}");
    }

    private string Pipes => Path.Combine(_folder, "run", "mps");

    private string[] Told => File.ReadAllLines(Path.Combine(_folder, "told"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_is_started_for_its_GPU_in_folders_of_its_own_and_stopped_with_them()
    {
        await using (var daemon = await StartAsync())
        {
            Assert.True(daemon!.IsAlive);
            Assert.Equal($"start GPU-1 {Pipes} {Pipes}/log 700 700", Assert.Single(Told));
            var environment = new Dictionary<string, string?>();
            var worker = new WorkerOptions
            {
                Name = "w", Slots = 2, CheckpointFolder = "", LogFolder = "", RunnerCommand = [], GpuIds = ["GPU-1"], Mps = daemon.Share,
            };
            RunnerEnvironment.Apply(environment, worker, threads: 1);
            Assert.Equal(Pipes, environment["CUDA_MPS_PIPE_DIRECTORY"]);
        }

        Assert.Equal("quit -t 5", Told[^1]);
        Assert.False(Directory.Exists(Pipes));
        Assert.Empty(_said);
    }

    [Fact]
    public async Task What_a_killed_worker_left_is_stopped_before_the_next_one_starts()
    {
        // Nobody disposes of the first.
        await StartAsync();
        await using var next = await StartAsync();
        Assert.Equal(["start", "quit", "start"], Told.Select(line => line.Split(' ')[0]));
        Assert.True(next!.IsAlive);
    }

    [Fact]
    public async Task One_that_has_gone_is_started_again()
    {
        await using var daemon = await StartAsync();
        using (var process = System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(Pipes, $"{MpsDaemon.Program}.pid")))))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.False(daemon!.IsAlive);
        await daemon.LookAsync();
        Assert.True(daemon.IsAlive);
        Assert.Equal("MPS had gone and is started again", Assert.Single(_said));
    }

    [Fact]
    public async Task Where_it_does_not_start_or_is_not_there_trials_do_without()
    {
        File.WriteAllText(Path.Combine(_folder, "refuses"), "");
        Assert.Null(await StartAsync());
        Assert.Equal("MPS is left out: no GPU", Assert.Single(_said));
        Assert.False(Directory.Exists(Pipes));
        File.Delete(Path.Combine(_folder, MpsDaemon.Program));
        Assert.Null(await StartAsync());
        Assert.Single(_said);
        Assert.False(Directory.Exists(Pipes));
    }

    [Theory]
    [InlineData("CUDA error: the remote procedural call between the MPS server and the MPS client failed", false, true)]
    [InlineData("CUDA_ERROR_MPS_CLIENT_TERMINATED", false, true)]
    [InlineData("the runner (pid 7) ended by SIGSEGV", false, false)]
    [InlineData("the runner (pid 7) ended by SIGSEGV", true, true)]
    [InlineData("KeyError: 'MPS'", false, false)]
    public void What_MPS_ends_is_lost_and_not_the_trial_s_fault(string message, bool isDown, bool lost)
    {
        var ended = MpsFailure.Judge(new AttemptEvent.Failed(FailureCause.Crashed, message), isDown);
        Assert.Equal(lost, ended is AttemptEvent.Killed);
        Assert.Contains(message, $"{ended}", StringComparison.Ordinal);
        Assert.IsType<AttemptEvent.Failed>(MpsFailure.Judge(new AttemptEvent.Failed(FailureCause.Diverged, message), isDown));
    }

    private Task<MpsDaemon?> StartAsync() => MpsDaemon.StartAsync(Pipes, "GPU-1", _said.Add, TimeProvider.System);
}
