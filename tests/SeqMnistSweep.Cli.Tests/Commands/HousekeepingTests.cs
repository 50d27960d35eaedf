using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Results.Access;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Cli.Tests.Commands;

/// <summary>What one does with sweeps that have ended, on a database that nobody runs.</summary>
public sealed class HousekeepingTests : IDisposable
{
    private const string Id = "tcn-7f3k";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Delete_asks_a_person_and_does_nothing_without_a_yes()
    {
        await _place.AddSweepAsync(Id);
        (_place.Width, _place.Input) = (200, "n\n");

        var run = await _place.RunAsync("delete", Id, "--db", _place.Database);

        Assert.Equal(ExitCodes.NotAllowed, run.ExitCode);
        Assert.Contains($"Delete {Id}: 4 trials and no file, for ever? [y/N]", run.Error, StringComparison.Ordinal);
        Assert.Single(Sweeps());
    }

    [Fact]
    public async Task Delete_takes_a_sweep_away_with_its_files_and_leaves_the_others()
    {
        await _place.AddSweepAsync(Id);
        await _place.AddSweepAsync("tcn-9qk2", hour: 1);
        var log = Path.Combine(Path.GetDirectoryName(_place.Database)!, "logs", Id, "1.log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        await File.WriteAllTextAsync(log, "kept");
        (_place.Width, _place.Input) = (200, "y\n");

        var run = await _place.RunAsync("delete", Id, "--reason", "of no use", "--db", _place.Database);

        Assert.Equal((0, "tcn-9qk2"), (run.ExitCode, Assert.Single(Sweeps())));
        Assert.Contains($"{Id} is deleted, with 1 file (4 B)", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(log)));
        var entry = AuditStore.Last(_place.Database, 1).Single();
        Assert.Equal(("sweep delete", $"{Id}: of no use"), (entry.Action, entry.Target));
        Assert.Contains($"{Environment.UserName}@", (await _place.RunAsync("audit", "--db", _place.Database)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_deletes_says_so()
    {
        await _place.AddSweepAsync(Id);

        var run = await _place.RunAsync("delete", Id, "--db", _place.Database);

        Assert.Equal(ExitCodes.NotAllowed, run.ExitCode);
        Assert.Contains("--yes", run.Error, StringComparison.Ordinal);
        Assert.Single(Sweeps());
    }

    [Fact]
    public async Task An_archived_sweep_is_in_no_list_and_not_the_last_one()
    {
        await _place.AddSweepAsync("tcn-0001");
        await _place.AddSweepAsync("tcn-0002", hour: 1);

        Assert.Equal(0, (await _place.RunAsync("archive", "@last")).ExitCode);
        Assert.DoesNotContain("tcn-0002", (await _place.RunAsync("list")).Out, StringComparison.Ordinal);
        Assert.Contains("tcn-0002", (await _place.RunAsync("list", "--archived")).Out, StringComparison.Ordinal);
        Assert.Contains("tcn-0001", (await _place.RunAsync("show")).Error + (await _place.RunAsync("show", "@last")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_are_found_listed_and_shown()
    {
        await _place.AddSweepAsync(Id);
        await _place.RunAsync("tag", Id, "paper", "keep");
        await _place.RunAsync("rename", Id, "Second try");
        await _place.RunAsync("note", "second try", "lr above 1e-2 diverges");

        Assert.Contains(Id, (await _place.RunAsync("list", "--tag", "paper", "--find", "DIVERGES")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain(Id, (await _place.RunAsync("list", "--find", "nothing")).Out, StringComparison.Ordinal);
        Assert.Equal("lr above 1e-2 diverges\n", (await _place.RunAsync("note", Id)).Out);
        var shown = (await _place.RunAsync("show", Id)).Out;
        Assert.All(["Second try", "keep", "diverges"], text => Assert.Contains(text, shown, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("seqsweep arch", "archive")]
    [InlineData("seqsweep show tcn-0", "tcn-0001 tcn-0001/ tcn-0002 tcn-0002/")]
    [InlineData("seqsweep show @", "@last @last/")]
    [InlineData("seqsweep leaderboard tcn-0001 --t", "--top")]
    [InlineData("seqsweep logs tcn-0001/", "tcn-0001/1 tcn-0001/2 tcn-0001/3 tcn-0001/4")]
    [InlineData("seqsweep compare tcn-0001 tcn-0002", "tcn-0002 tcn-0002/")]
    [InlineData("seqsweep list -o js", "json jsonl")]
    public async Task A_shell_is_told_how_a_line_may_go_on(string line, string expected)
    {
        await _place.AddSweepAsync("tcn-0001");
        await _place.AddSweepAsync("tcn-0002", hour: 1);

        var run = await _place.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal(0, run.ExitCode);
        var offered = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected.Split(' '), offered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_offered_where_there_is_no_database()
    {
        var run = await _place.RunAsync("[suggest:14]", "seqsweep show ");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task An_export_overwrites_nothing_unasked()
    {
        await _place.AddSweepAsync(Id);
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "t.csv"), "mine");

        Assert.Equal(ExitCodes.NotAllowed, (await _place.RunAsync("export", "--to", "t.csv")).ExitCode);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_place.Folder, "t.csv")));
        Assert.Equal(0, (await _place.RunAsync("export", "--to", "t.csv", "--force")).ExitCode);
    }

    private string[] Sweeps() => [.. new ResultReader(_place.Database).Sweeps().Select(sweep => sweep.Sweep)];
}
