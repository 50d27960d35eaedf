using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>A grid with infeasible points: exactly the others run, and everything that reads the results reads the same.</summary>
public sealed class AgreementTests
{
    // The rule and the built-in one (28 time steps to be seen) each leave out some of the 12 points.
    private const string Sweep = """
        name: agreement
        method: grid
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 28}
          hidden: {value: 4}
          batch_size: {value: 64}
          train_limit: {value: 512}
          eval_limit: {value: 200}
          epochs: {value: 2}
          levels: {values: [3, 4, 5]}
          kernel_size: {values: [2, 3, 4, 5]}
        constraints:
          - require: levels * kernel_size <= 12
        """;

    private const string Columns = "select rank, trial, value from leaderboard order by rank";

    [Fact]
    public async Task Exactly_the_feasible_points_run_and_leaderboard_query_and_database_agree()
    {
        using var sweep = await RunAsync();
        var loaded = sweep.OnlySweep();
        var expected = from levels in new[] { 3L, 4L, 5L }
                       from kernel in new[] { 2L, 3L, 4L, 5L }
                       // 28 time steps: the receptive field has to cover them.
                       where levels * kernel <= 12 && 1 + (2 * (kernel - 1) * ((1L << (int)levels) - 1)) >= 28
                       select (levels, kernel);
        Assert.Equal(
            expected.Order(),
            loaded.Trials.Select(trial => (trial.Parameters["levels"]!.AsInteger(), trial.Parameters["kernel_size"]!.AsInteger())).Order());

        var plan = JsonNode.Parse((await sweep.RunAsync("plan", "agreement.yaml", "-o", "json")).Expect(0).Output)!;
        Assert.Equal(12, (int)plan["points"]!);
        Assert.Equal(loaded.Trials.Count, (int)plan["feasible"]!);
        Assert.Equal(12 - loaded.Trials.Count, loaded.Sweep.Infeasible);

        var leaderboard = await RowsAsync(sweep, "leaderboard", "-o", "json");
        Assert.Equal(loaded.Trials.Count, leaderboard.Count);
        Assert.Equal(leaderboard, await RowsAsync(sweep, "query", Columns, "-o", "json"));

        // The best value of each trial is that of its reports.
        Assert.Equal(
            loaded.Trials.Select(trial => trial.Value),
            loaded.Trials.Select(trial => loaded.Reports.Where(report => report.Trial == trial.Number).Max(report => report.Report["val_accuracy"])));
    }

    [NeedsProgramFact("sqlite3")]
    public async Task Plain_sqlite3_reads_the_leaderboard_that_the_program_shows()
    {
        using var sweep = await RunAsync();
        using var sqlite = Process.Start(new ProcessStartInfo("sqlite3", ["-readonly", "-json", sweep.Database, Columns]) { RedirectStandardOutput = true })!;
        var text = await sqlite.StandardOutput.ReadToEndAsync();
        await sqlite.WaitForExitAsync();
        Assert.Equal(await RowsAsync(sweep, "leaderboard", "-o", "json"), Rows(text));
    }

    private static async Task<SeqSweep> RunAsync()
    {
        var sweep = new SeqSweep();
        sweep.Write("agreement.yaml", Sweep);
        (await sweep.RunAsync("run", "agreement.yaml")).WithoutStackTrace().Expect(0);
        return sweep;
    }

    private static async Task<List<(int, string, double)>> RowsAsync(SeqSweep sweep, params string[] arguments) =>
        Rows((await sweep.RunAsync(arguments)).WithoutStackTrace().Expect(0).Output);

    private static List<(int, string, double)> Rows(string json)
    {
        using var rows = JsonDocument.Parse(json);
        return [.. rows.RootElement.EnumerateArray().Select(row => (row.GetProperty("rank").GetInt32(), row.GetProperty("trial").GetString()!, row.GetProperty("value").GetDouble()))];
    }
}
