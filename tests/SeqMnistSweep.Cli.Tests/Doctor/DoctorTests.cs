using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Doctor;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Tests.Doctor;

public sealed class DoctorTests
{
    private const string Mounted = "/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\nnas:/home /home nfs4 rw 0 0\n/dev/sdb1 /home/ada/my\\040disk xfs rw 0 0\n";

    private const string Sockets =
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
           1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 0 0 10 -1
           2: 0100007F:2B67 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0
        """;

    [Theory]
    [InlineData(null, 0, "Ok", "cuda:0 NVIDIA H200, cuda:1 NVIDIA H200")]
    [InlineData(0L, 87, "Ok", "cuda:0 NVIDIA H200, cuda:1 NVIDIA H200, 87 % busy")]
    [InlineData(3L, 87, "Warn", "cuda:1 NVIDIA H200: 3 memory errors that ECC did not correct, since the driver was loaded; "
        + "cuda:1 NVIDIA H200: memory that failed is put out of use only when the GPU is reset")]
    public void What_the_driver_says_of_a_GPU_is_told(long? errors, int busy, string verdict, string text)
    {
        GpuReading[] readings = errors is null ? []
            : [new("b") { EccErrors = errors, Utilization = busy, NeedsReset = errors > 0 }];
        var found = MachineChecks.Device([new Gpu(0, "NVIDIA H200", "a"), new Gpu(1, "NVIDIA H200", "b")], readings);
        Assert.Equal((verdict, text), (found.Severity.ToString(), found.Text));
    }

    [Theory]
    [InlineData("/var/lib/sweeps.db", "ext4", false)]
    [InlineData("/home/ada/sweeps.db", "nfs4", true)]
    [InlineData("/home/ada/my disk/sweeps.db", "xfs", false)]
    [InlineData("/homes/sweeps.db", "ext4", false)]
    public void The_deepest_mount_counts(string path, string kind, bool remote)
    {
        var mount = Mounts.Of(path, Mounted)!.Value;
        Assert.Equal((kind, remote), (mount.Kind, Mounts.IsRemote(mount.Kind)));
    }

    [Fact]
    public void A_database_on_a_network_disk_fails() => Assert.Equal(Cli.Doctor.Severity.Fail, DatabaseChecks.Place("/home/ada/sweeps.db", Mounted).Severity);

    [Theory]
    [InlineData(8080, "4711")]
    [InlineData(11111, "4713")]
    [InlineData(30000, null)]
    public void Whoever_listens_on_a_port_is_found_by_its_socket(int port, string? inode) =>
        Assert.Equal(inode is null ? [] : [inode], PortHolder.Inodes(Sockets, port));

    [Fact]
    public async Task A_port_of_this_process_is_found_with_its_name()
    {
        using var place = new Workplace();
        await using var head = await TestHead.StartAsync(place.Database);
        Assert.Equal(Environment.ProcessId, PortHolder.Find(new Uri(head.Url).Port)?.Pid);
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files", "Warn")]
    [InlineData("Max open files            65536                524288               files", "Ok")]
    [InlineData("Max open files            unlimited            unlimited            files", "Ok")]
    [InlineData("", "Ok")]
    public void Few_open_files_are_a_warning(string limits, string verdict) => Assert.Equal(verdict, MachineChecks.OpenFiles(limits).Severity.ToString());

    [Theory]
    [InlineData(0.5, "Ok")]
    [InlineData(-3, "Warn")]
    [InlineData(3600, "Warn")]
    public void A_clock_that_differs_is_a_warning(double seconds, string verdict) => Assert.Equal(verdict, HeadChecks.Clock(TimeSpan.FromSeconds(seconds)).Severity.ToString());

    [Fact]
    public void A_port_that_the_head_itself_holds_is_well()
    {
        var head = new HeadInfo("1", 1, "c", "s", "h", "s", "g", "head", 1, DateTimeOffset.UnixEpoch, 17);
        var findings = HeadChecks.PortsFree(port => port == 8080 ? new PortHolder(17, "seqsweep") : port == 11111 ? new PortHolder(18, "other") : null, head).ToList();
        Assert.Equal(["Ok", "Warn", "Ok"], findings.Select(finding => finding.Severity.ToString()));
        Assert.Contains("pid 18 (other)", findings[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_is_named_and_silent_fails_the_visit_with_a_cure_for_everything_that_is_wrong()
    {
        using var place = new Workplace();
        var run = await place.RunAsync("doctor", "-o", "json", "--head", "http://127.0.0.1:9");
        var findings = JsonNode.Parse(run.Out)!.AsArray();

        Assert.Equal(ExitCodes.NotFinished, run.ExitCode);
        Assert.Superset(
            new HashSet<string> { "device", "libtorch", "threads", "port", "head", "database", "place", "disk", "data", "terminal", "files" },
            findings.Select(finding => (string)finding!["check"]!).ToHashSet());
        Assert.Equal("fail", (string)findings.Single(finding => (string)finding!["check"]! == "head")!["verdict"]!);
        Assert.All(findings, finding => Assert.Equal((string)finding!["verdict"]! == "ok", finding["cure"] is null));
    }

    [Fact]
    public void Damage_is_told_apart_from_a_database_that_is_not_there_yet()
    {
        using var place = new Workplace();
        Assert.Equal(Cli.Doctor.Severity.Ok, DatabaseChecks.Database(place.Database).Severity);
        Directory.CreateDirectory(Path.GetDirectoryName(place.Database)!);
        File.WriteAllText(place.Database, new string('x', 4096));
        Assert.Equal(Cli.Doctor.Severity.Fail, DatabaseChecks.Database(place.Database).Severity);
    }

    [Fact]
    public void An_index_that_lacks_a_row_is_damage()
    {
        using var place = new Workplace();
        ResultDatabase.Open(place.Database, TimeProvider.System).Dispose();
        string[] sessions =
        [
            """
            create table t (a); create index i on t (a); insert into t values (1); create table kept as select * from sqlite_schema where name = 'i';
            pragma writable_schema = on; delete from sqlite_schema where name = 'i'
            """,
            "insert into t values (2); pragma writable_schema = on; insert into sqlite_schema select * from kept",
        ];
        foreach (var session in sessions)
        {
            using var connection = new SqliteConnection($"Data Source={place.Database};Pooling=false");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = session;
            command.ExecuteNonQuery();
        }

        var finding = DatabaseChecks.Database(place.Database);
        Assert.Equal(Cli.Doctor.Severity.Fail, finding.Severity);
        Assert.EndsWith("index i", finding.Text, StringComparison.Ordinal);
    }
}
