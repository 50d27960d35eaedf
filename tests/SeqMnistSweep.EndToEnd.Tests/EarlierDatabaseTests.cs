using System.IO.Compression;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>
/// A database of schema 6, as version 0.2 wrote it on 29 November 2026: `branin` (two seeds) and `tiny` (a network) have ended, `capped` ran out of
/// its sweep_time, `slow` was under way when the program was killed.
/// </summary>
public sealed class EarlierDatabaseTests : IDisposable
{
    private readonly SeqSweep _sweep = new();

    public EarlierDatabaseTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_sweep.Database)!);
        using var packed = new GZipStream(File.OpenRead(Path.Combine(SeqSweep.Repository, "tests", "SeqMnistSweep.EndToEnd.Tests", "Databases", "schema-6.db.gz")), CompressionMode.Decompress);
        using var file = File.Create(_sweep.Database);
        packed.CopyTo(file);
    }

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public async Task It_is_migrated_after_a_backup_and_has_the_leaderboards_that_it_had()
    {
        _sweep.Write("one.yaml", "{name: one, program: noop, method: grid, metric: {name: value}, parameters: {x: {values: [1]}}}");
        (await _sweep.RunAsync("run", "one.yaml")).WithoutStackTrace().Expect(0);
        Assert.True(File.Exists(_sweep.Database + ".schema-6"));

        var branin = (await _sweep.RunAsync("leaderboard", "branin-j8n0", "-o", "csv")).WithoutStackTrace().Expect(0);
        Assert.Equal(
            """
            rank,trial,value,deviation,seeds,x0,x1,epoch
            1,branin-j8n0/3,16.475734582886915,0,2,8.877946034742514,5.883504642070674,1
            2,branin-j8n0/5,25.899862834409134,0,2,6.6353180444511,3.7515258331655916,1
            3,branin-j8n0/9,49.949757019228244,0,2,-0.31577227211681347,12.06724123721674,1
            4,branin-j8n0/1,79.25207365676697,0,2,-1.3209664795194378,0.14990380667229686,1
            5,branin-j8n0/7,121.25243312859946,0,2,9.606150350312028,13.61846169710719,1

            """,
            branin.Output);
        var tiny = (await _sweep.RunAsync("leaderboard", "tiny-mm3v", "-o", "csv")).WithoutStackTrace().Expect(0);
        Assert.Equal(6, tiny.Output.Trim().Split('\n').Length - 1);
    }

    [Fact]
    public async Task Its_unfinished_sweep_goes_on()
    {
        _sweep.Write(
            "slow.yaml",
            """
            name: slow
            method: grid
            program: noop
            metric: {name: value, goal: maximize}
            parameters:
              epochs: {value: 3}
              sleep_ms: {value: 700}
              x: {values: [1, 2, 3, 4, 5, 6]}
            """);
        (await _sweep.RunAsync("run", "slow.yaml")).WithoutStackTrace().Expect(0);
        var trials = (await _sweep.RunAsync("query", "select sweep, state, count(*) as trials from trials where sweep like 'slow-%' group by sweep, state", "-o", "csv")).Expect(0);
        Assert.Equal("sweep,state,trials\nslow-3hxw,completed,6\n", trials.Output);
    }
}
