using System.Runtime.Versioning;
using System.Text;
using SeqMnistSweep.Files;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Tests.Security;

[UnsupportedOSPlatform("windows")]
public sealed class HeadFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HeadFile _file = new("http://127.0.0.1:8080", "token", Environment.ProcessId)
    {
        Database = "/home/ada/sweeps.db", Gateway = new HeadGateway("127.0.0.1:30000", "-----BEGIN-----\nx\n", new string('a', 64), "pem"),
    };

    private IReadOnlyList<string> Paths => HeadFile.PathsOf(8080, Places, "pc");

    private Func<string, string?> Places => Variables(("XDG_RUNTIME_DIR", _folder["run"]), ("HOME", _folder["home"]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_found_where_it_was_written_and_read_by_its_owner_alone()
    {
        var path = _file.Write(Paths);

        Assert.Equal(_folder["run", "seqsweep", "8080.json"], path);
        Assert.Equal(_file, HeadFile.Find(Paths));
        Assert.Equal(PrivateFile.FileMode, File.GetUnixFileMode(path));
        Assert.Equal(PrivateFile.FolderMode, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Contains("\"ca_sha256\"", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_look_in_both_places()
    {
        var path = _file.Write([Paths[1]]);

        Assert.Equal(_folder["home", ".local", "state", "seqsweep", "run", "pc-8080.json"], path);
        Assert.Equal(_file, HeadFile.Find(Paths));
    }

    [Fact]
    public void A_place_that_cannot_be_written_leads_to_the_next()
    {
        _folder.Write("run", [1]);

        Assert.Equal(Paths[1], _file.Write(Paths));
        Assert.Equal(_file, HeadFile.Find(Paths));
        Assert.Throws<IOException>(() => _file.Write([]));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_write_is_not_believed(UnixFileMode more)
    {
        var path = _file.Write(Paths);
        File.SetUnixFileMode(path, PrivateFile.FileMode | more);

        Assert.Null(HeadFile.Find(Paths));
    }

    [Fact]
    public void The_file_of_a_head_that_is_gone_is_not_believed()
    {
        (_file with { Pid = int.MaxValue }).Write(Paths);

        Assert.Null(HeadFile.Find(Paths));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void A_damaged_file_is_none(string text)
    {
        PrivateFile.Write(_file.Write(Paths), Encoding.UTF8.GetBytes(text));

        Assert.Null(HeadFile.Find(Paths));
    }

    [Fact]
    public void All_of_an_account_are_found_that_live_here()
    {
        var run = _file with { Url = "http://127.0.0.1:40000", Gateway = null };
        _file.Write(Paths);
        run.Write(HeadFile.PathsOf(40000, Variables(("HOME", _folder["home"])), "pc"));
        run.Write(HeadFile.PathsOf(40000, Variables(("HOME", _folder["home"])), "other"));
        (_file with { Pid = int.MaxValue }).Write(HeadFile.PathsOf(40001, Places, "pc"));

        Assert.Equal([_file, run], HeadFile.All(Places, "pc"));
        Assert.Empty(HeadFile.All(Variables(), "pc"));
    }

    [Fact]
    public void What_a_killed_one_left_goes_with_the_next()
    {
        var left = (_file with { Pid = int.MaxValue }).Write(HeadFile.PathsOf(40001, Places, "pc"));
        var elsewhere = (_file with { Pid = int.MaxValue, Machine = "other" }).Write(HeadFile.PathsOf(40002, Places, "pc"));

        var path = _file.Write(Paths);

        Assert.Equal([elsewhere, path], Directory.GetFiles(Path.GetDirectoryName(path)!).Order());
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Without_a_home_there_is_no_place() => Assert.Empty(HeadFile.PathsOf(1, Variables(("XDG_RUNTIME_DIR", "run")), "pc"));

    [Fact]
    public void It_shows_no_secret() => Assert.DoesNotContain("token", _file.ToString(), StringComparison.Ordinal);

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;
}
