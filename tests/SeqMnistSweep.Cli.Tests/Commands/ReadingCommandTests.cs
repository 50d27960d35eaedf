using System.Text.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Commands;

public sealed class ReadingCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("list")]
    [InlineData("show", "@last")]
    [InlineData("leaderboard")]
    [InlineData("query", "select 1")]
    public async Task Without_a_database_a_command_says_how_to_get_one(params string[] args)
    {
        var run = await _place.RunAsync(args);
        Assert.Equal((5, ""), (run.ExitCode, run.Out));
        Assert.Contains("seqsweep run FILE", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.Database));
    }

    [Fact]
    public async Task The_leaderboard_shows_percent_and_the_varied_parameters()
    {
        await _place.AddSweepAsync();
        _place.Width = 100;
        _place.Variables["NO_COLOR"] = "1";

        var run = await _place.RunAsync("lb");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            rank  trial       val_accuracy  deviation  seeds  levels  epoch  test_accuracy
               1  tcn-7f3k/3        97.50%                 1       7      5         97.50%
               2  tcn-7f3k/1        97.00%      1.41%      2       8      5         97.00%

            """,
            run.Out);
    }

    [Fact]
    public async Task The_leaderboard_gives_fractions_to_programs()
    {
        await _place.AddSweepAsync();
        var csv = await _place.RunAsync("leaderboard", "tcn", "--top", "1", "-o", "csv");
        var json = JsonNode.Parse((await _place.RunAsync("leaderboard", "-o", "json")).Out)!.AsArray();

        Assert.Equal("rank,trial,value,deviation,seeds,levels,epoch,test_accuracy\n1,tcn-7f3k/3,0.975,,1,7,5,0.975\n", csv.Out);
        Assert.Contains(" --top 0", csv.Error, StringComparison.Ordinal);
        Assert.Equal(0.975, (double)json[0]!["value"]!);
        Assert.Equal(8, (int)json[1]!["params"]!["levels"]!);
        Assert.Null(json[0]!["deviation"]);
    }

    [Fact]
    public async Task The_newest_sweep_comes_first_and_is_the_default()
    {
        await _place.AddSweepAsync("old-0000", hour: 0);
        await _place.AddSweepAsync("new-0000", hour: 2);

        Assert.Equal(["new-0000", "old-0000"], JsonNode.Parse((await _place.RunAsync("list", "-o", "json")).Out)!.AsArray().Select(row => (string)row!["sweep"]!));
        Assert.StartsWith("sweep,new-0000", (await _place.RunAsync("show", "@last", "-o", "csv")).Out.Split('\n')[1], StringComparison.Ordinal);
        Assert.Contains("new-0000/3", (await _place.RunAsync("lb")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ambiguous_id_is_the_newest_and_an_unknown_one_is_exit_code_5()
    {
        await _place.AddSweepAsync("tcn-0000");
        await _place.AddSweepAsync("tcn-0001");

        var ambiguous = await _place.RunAsync("lb", "tcn");
        var unknown = await _place.RunAsync("show", "tcm-0001");
        var trial = await _place.RunAsync("show", "tcn-0001/99");

        Assert.Equal(0, ambiguous.ExitCode);
        Assert.Contains("tcn-0001/3", ambiguous.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("tcn-0000", ambiguous.Out, StringComparison.Ordinal);
        Assert.All([unknown, trial], run => Assert.Equal((5, ""), (run.ExitCode, run.Out)));
        Assert.Contains("did you mean 'tcn-0001'?", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("no trial '99'", trial.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_tells_the_failures_by_cause_and_neutralises_their_text()
    {
        await _place.AddSweepAsync();
        var run = await _place.RunAsync("show", "tcn-7f3k");

        Assert.Contains("trials\t4 of 4\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("best\t97.50%  tcn-7f3k/3  levels=7 lr=0.002\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("out_of_memory\t1\ttcn-7f3k/4\tno [31m memory\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task Show_of_a_trial_has_its_reports()
    {
        await _place.AddSweepAsync();
        var run = await _place.RunAsync("show", "tcn-7f3k/1", "-o", "json");
        var trial = JsonNode.Parse(run.Out)!;

        Assert.Equal(0.98, (double)trial["value"]!);
        Assert.Equal(0.5, (double)trial["reports"]![0]!["train_loss"]!);
        Assert.Contains("98.00%", (await _place.RunAsync("show", "tcn-7f3k/1")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_config_gives_the_file_back()
    {
        await _place.AddSweepAsync();
        Assert.Equal("method: grid\n", (await _place.RunAsync("show", "tcn-7f3k", "--config")).Out);
    }

    [Fact]
    public async Task A_query_reads_from_stdin_and_says_when_there_is_more()
    {
        await _place.AddSweepAsync();
        _place.Input = "select number, value from trials\norder by number";
        var run = await _place.RunAsync("query", "-", "--limit", "2");

        Assert.Equal("number\tvalue\n1\t0.98\n2\t0.96\n", run.Out);
        Assert.Contains("first 2 rows; there are more", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop table trial", "only reads")]
    [InlineData("select valeu from trials", "no such column: valeu (at character 8: valeu from trials)")]
    [InlineData("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n", "stopped after 0.2 s")]
    public async Task A_bad_query_is_a_usage_error_in_words(string sql, string message)
    {
        await _place.AddSweepAsync();
        var run = await _place.RunAsync("query", sql, "--timeout", "200ms");
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--limit", "-1")]
    [InlineData("--timeout", "soon")]
    [InlineData("--timeout", "0s")]
    public async Task A_bad_limit_is_a_usage_error(string option, string value)
    {
        await _place.AddSweepAsync();
        Assert.Equal(2, (await _place.RunAsync("query", "select 1", option, value)).ExitCode);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_place.Database)!);
        await File.WriteAllTextAsync(_place.Database, new string('x', 4096));
        var run = await _place.RunAsync("list", "-o", "json");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("not an SQLite database", JsonDocument.Parse(run.Error).RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
