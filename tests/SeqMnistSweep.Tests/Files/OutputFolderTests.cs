using System.Diagnostics;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Tests.Files;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Root => _folder["outputs"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plain_files_are_listed_by_name_also_hidden_and_odd_ones()
    {
        string[] names = [".hidden", "a b/c.txt", "empty", "model.pt", "with % # ? & \\ \" ünï"];
        Assert.All(names, name => Write(name));
        var found = OutputFolder.List(Root);
        Assert.Equal(names.Order(StringComparer.Ordinal), found.Select(file => file.Name));
        Assert.All(found, file => Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(file.Name), file.Bytes));
        Assert.All(names, name => Assert.Equal(name, File.ReadAllText(OutputFolder.Find(Root, name)!)));
        Assert.Empty(OutputFolder.List(_folder["nowhere"]));
    }

    [Fact]
    public void Links_pipes_and_what_lies_behind_links_are_neither_listed_nor_found()
    {
        Write("real");
        File.WriteAllText(_folder["secret"], "x");
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllText(Path.Combine(_folder["elsewhere"], "file"), "x");
        File.CreateSymbolicLink(Path.Combine(Root, "link"), _folder["secret"]);
        Directory.CreateSymbolicLink(Path.Combine(Root, "folder"), _folder["elsewhere"]);
        using (var pipe = Process.Start("mkfifo", [Path.Combine(Root, "pipe")]))
        {
            pipe.WaitForExit();
        }

        Assert.Equal(["real"], OutputFolder.List(Root).Select(file => file.Name));
        Assert.All(["link", "folder/file", "folder", "pipe", "nothing"], name => Assert.Null(OutputFolder.Find(Root, name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("./a")]
    [InlineData("two\nlines")]
    [InlineData("\u001b[2J")]
    [InlineData("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17")]
    public void A_name_that_leads_elsewhere_or_steers_a_terminal_is_none(string name)
    {
        Write("a/real");
        Assert.NotNull(OutputFolder.NameProblem(name));
        Assert.Null(OutputFolder.Find(Root, name));
    }

    [Fact]
    public void What_has_no_name_is_told_of()
    {
        Write("fine");
        Write("two\nlines");
        var told = new List<string>();
        Assert.Equal(["fine"], OutputFolder.List(Root, (name, _) => told.Add(name)).Select(file => file.Name));
        Assert.Equal(["two lines"], told);
    }

    private void Write(string name)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, name);
    }
}
