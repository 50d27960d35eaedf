using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Files;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Tests.Hosting.Cluster;

public sealed class WorkerLifeTests
{
    [Fact]
    public void Without_limits_a_worker_stays() => Assert.Null(new WorkerLife(null, null).EndsBecause(TimeSpan.FromDays(400), busy: false));

    [Fact]
    public void It_leaves_when_it_was_idle_for_long_enough_without_a_break()
    {
        var life = new WorkerLife(TimeSpan.FromSeconds(10), null);
        Assert.Null(life.EndsBecause(TimeSpan.FromSeconds(9), busy: false));
        Assert.Null(life.EndsBecause(TimeSpan.FromSeconds(10), busy: true));
        Assert.Null(life.EndsBecause(TimeSpan.FromSeconds(19), busy: false));
        Assert.Contains("nothing to do", life.EndsBecause(TimeSpan.FromSeconds(20), busy: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_longest_time_ends_it_in_the_middle_of_work() =>
        Assert.Contains("--max-time", new WorkerLife(null, TimeSpan.FromHours(1)).EndsBecause(TimeSpan.FromHours(1), busy: true), StringComparison.Ordinal);

    [Fact]
    public void A_worker_that_dies_again_and_again_waits_longer_each_time_up_to_a_minute()
    {
        var delay = new RestartDelay();
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(_ => delay.After(TimeSpan.FromSeconds(1)).TotalSeconds));
        Assert.Equal(1, delay.After(TimeSpan.FromMinutes(2)).TotalSeconds);
    }

    [Fact]
    public void Devices_are_all_of_the_machine_or_those_of_the_list()
    {
        Gpu[] two = [new(0, "H100", "GPU-a"), new(1, "H100", "GPU-b")];
        Assert.Equal(["cuda:0", "cuda:1"], DeviceList.Read("all", two));
        Assert.Equal(["cuda:1", "cpu"], DeviceList.Read("1, cpu", two));
        Assert.Equal(ExitCodes.NotFound, Assert.Throws<CommandError>(() => DeviceList.Read("all", [])).ExitCode);
        Assert.Throws<CommandError>(() => DeviceList.Read("0,0", two));
        Assert.Throws<CommandError>(() => DeviceList.Read("0,x", two));
    }

    [Fact]
    public void One_process_holds_a_name_and_gives_it_back()
    {
        var folder = Directory.CreateTempSubdirectory("seqsweep-lock-").FullName;
        var path = Path.Combine(folder, "w1", "lock");
        using (OneProcess.Hold(path, "w1 is taken", "another --name"))
        {
            Assert.Equal("w1 is taken", Assert.Throws<CommandError>(() => OneProcess.Hold(path, "w1 is taken", "another --name")).Message);
        }

        OneProcess.Hold(path, "w1 is taken", "another --name").Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("HOME", ".local/state/seqsweep/run")]
    [InlineData("XDG_RUNTIME_DIR", "seqsweep/run")]
    [InlineData("NOTHING", "worker")]
    public void A_GPU_is_locked_where_no_other_account_can_look(string variable, string place)
    {
        var folder = Directory.CreateTempSubdirectory("seqsweep-lock-").FullName;
        var gpu = new Gpu(0, "H100", "GPU-1");
        string? Variable(string name) => name == variable ? folder : null;
        using (GpuLock.Hold([gpu], Path.Combine(folder, "worker"), Variable))
        {
            var error = Assert.Throws<CommandError>(() => GpuLock.Hold([gpu], Path.Combine(folder, "worker"), Variable));
            Assert.Equal("cuda:0 (H100) has a worker of this account already", error.Message);
            var file = Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, place)));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(PrivateFile.FileMode, File.GetUnixFileMode(file));
                Assert.Equal(PrivateFile.FolderMode, File.GetUnixFileMode(Path.Combine(folder, place)));
            }

            GpuLock.Hold([gpu with { Uuid = "GPU-2" }], Path.Combine(folder, "worker"), Variable).Dispose();
        }

        GpuLock.Hold([gpu], Path.Combine(folder, "worker"), Variable).Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
