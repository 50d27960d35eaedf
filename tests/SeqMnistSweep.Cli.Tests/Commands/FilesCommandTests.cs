using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Commands;

public sealed class FilesCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task The_files_of_a_trial_are_listed_and_written_here()
    {
        await _place.AddSweepAsync();
        Write("outputs/tcn-7f3k/1/plots/roc.png", "picture");
        Write("outputs/tcn-7f3k/1/model.pt", "weights");
        var listed = JsonNode.Parse((await _place.RunAsync("files", "tcn-7f3k/1", "-o", "json")).Out)!.AsArray();
        Assert.Equal([("model.pt", 7), ("plots/roc.png", 7)], listed.Select(file => ((string)file!["name"]!, (int)file["bytes"]!)));

        Assert.Equal(0, (await _place.RunAsync("files", "tcn-7f3k/1", "plots/roc.png")).ExitCode);
        Assert.Equal("picture", await File.ReadAllTextAsync(Path.Combine(_place.Folder, "roc.png")));
        Assert.Equal(4, (await _place.RunAsync("files", "tcn-7f3k/1", "plots/roc.png")).ExitCode);
        Assert.Equal(0, (await _place.RunAsync("files", "tcn-7f3k/1", "model.pt", "--to", "roc.png", "--force")).ExitCode);
        Assert.Equal("weights", await File.ReadAllTextAsync(Path.Combine(_place.Folder, "roc.png")));
        Directory.CreateDirectory(Path.Combine(_place.Folder, "here"));
        Assert.Equal(0, (await _place.RunAsync("files", "tcn-7f3k/1", "model.pt", "--to", "here")).ExitCode);
        Assert.True(File.Exists(Path.Combine(_place.Folder, "here", "model.pt")));

        var missing = await _place.RunAsync("files", "tcn-7f3k/1", "modle.pt");
        Assert.Equal(5, missing.ExitCode);
        Assert.Contains("did you mean model.pt?", missing.Error, StringComparison.Ordinal);
        Assert.Equal(5, (await _place.RunAsync("files", "tcn-7f3k/1", "../../sweeps.db")).ExitCode);
    }

    [Fact]
    public async Task Logs_that_workers_have_brought_are_read_without_a_head()
    {
        await _place.AddSweepAsync();
        Write("logs/tcn-7f3k/1/1.log", "first\n");
        Write("logs/tcn-7f3k/1/2.log", "second\n");
        Assert.Equal("first\nsecond\n", (await _place.RunAsync("logs", "tcn-7f3k/1")).Out);
        Assert.Equal("second\n", (await _place.RunAsync("logs", "tcn-7f3k/1", "--tail", "1")).Out);
    }

    private void Write(string name, string content)
    {
        var path = Path.Combine(Path.GetDirectoryName(_place.Database)!, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
