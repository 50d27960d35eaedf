using System.Diagnostics;
using Dapper;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Reading;

public sealed class LeaderboardTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    private void Given(params TrialRecord[] trials) => Given(maximize: true, trials);

    private void Given(bool maximize, params TrialRecord[] trials) =>
        _database.Write(Some.Id, [Some.Adding(Some.Sweep(maximize: maximize)), .. trials.Select(Some.Adding)]);

    private IEnumerable<string> Ranking() => _database.Reader.Leaderboard(Some.Id).Select(r => r.Trial[(r.Trial.IndexOf('/', StringComparison.Ordinal) + 1)..]);

    [Fact]
    public void The_largest_value_leads_when_the_metric_is_maximized()
    {
        Given(Some.Completed(1, 0.5), Some.Completed(2, 0.9), Some.Completed(3, 0.7));
        Assert.Equal(["2", "3", "1"], Ranking());
    }

    [Fact]
    public void The_smallest_value_leads_when_the_metric_is_minimized()
    {
        Given(maximize: false, Some.Completed(1, 0.5), Some.Completed(2, 0.9), Some.Completed(3, -0.7));
        Assert.Equal(["3", "1", "2"], Ranking());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ties_go_to_the_earlier_trial_and_NaN_is_last(bool maximize)
    {
        Given(maximize, Some.Completed(1, null), Some.Completed(2, double.NaN), Some.Completed(3, 0.5), Some.Completed(10, 0.5), Some.Completed(9, 0.5));
        Assert.Equal(["3", "9", "10", "1", "2"], Ranking());
    }

    [Fact]
    public void Confirmed_configurations_lead_by_their_fresh_seeds_alone()
    {
        Given(
            Some.Completed(1, 0.99), Some.Completed(2, 0.97), Some.Completed(3, 0.98),
            Fresh(4, 1, 0.90), Fresh(5, 1, 0.92), Fresh(6, 2, 0.95), Fresh(7, 2, 0.97));
        var rows = _database.Reader.Leaderboard(Some.Id);
        Assert.Equal(["tcn-7f3k/2", "tcn-7f3k/1", "tcn-7f3k/3"], rows.Select(row => row.Trial));
        Assert.Equal((true, 2L, 2L, true), (rows[0].Confirmed, rows[0].Seeds, rows[0].PlannedSeeds, rows[0].IsWhole));
        Assert.Equal(0.96, rows[0].Value!.Value, 12);
        Assert.Equal(0.01 * Math.Sqrt(2), rows[0].Deviation!.Value, 12);
        // Of two compared ones t of one degree of freedom is 25.4517, and the mean's deviation 0.01.
        Assert.Equal((0.705483, 1.214517), (Math.Round(rows[0].Low!.Value, 6), Math.Round(rows[0].High!.Value, 6)));
        Assert.Equal((0.97, -0.01), (rows[0].Searched!.Value, Math.Round(rows[0].Gap!.Value, 12)));
        Assert.Equal((0.99, -0.08), (rows[1].Searched!.Value, Math.Round(rows[1].Gap!.Value, 12)));
        Assert.Equal((false, null, null, null, null), (rows[2].Confirmed, rows[2].Low, rows[2].High, rows[2].Searched, rows[2].Gap));
        Assert.Equal(0.96, _database.Reader.Best(Some.Id)!.Value!.Value, 12);
    }

    [Fact]
    public void A_configuration_that_lacks_a_fresh_seed_ranks_by_what_the_search_saw()
    {
        Given(
            Some.Completed(1, 0.99), Some.Completed(2, 0.97),
            Fresh(3, 1, 0.9), Fresh(4, 1, 0.9) with { State = TrialState.Failed, Cause = FailureCause.Diverged },
            Fresh(5, 2, 0.5), Fresh(6, 2, 0.6));
        var rows = _database.Reader.Leaderboard(Some.Id);
        Assert.Equal(["tcn-7f3k/2", "tcn-7f3k/1"], rows.Select(row => row.Trial));
        Assert.Equal((false, 0.99, 1L), (rows[1].Confirmed, rows[1].Value, rows[1].Seeds));
    }

    [Fact]
    public void More_fresh_seeds_count_when_all_of_them_have_completed()
    {
        Given(Some.Completed(1, 0.99), Fresh(2, 1, 0.9), Fresh(3, 1, 0.92));
        _database.Write(Some.Id, [Some.Adding(Fresh(4, 1, 0) with { State = TrialState.Queued }), Some.Adding(Fresh(5, 1, 0.97))]);
        Assert.Equal((false, 0.99), (_database.Reader.Leaderboard(Some.Id)[0].Confirmed, _database.Reader.Leaderboard(Some.Id)[0].Value));
        _database.Write(Some.Id, [new SweepChange.TrialUpdated(Fresh(4, 1, 0.97), 1)]);
        var row = Assert.Single(_database.Reader.Leaderboard(Some.Id));
        Assert.Equal((true, 4L, 0.94), (row.Confirmed, row.Seeds, Math.Round(row.Value!.Value, 12)));
        Assert.Equal(0.99, row.Searched);
    }

    [Fact]
    public void A_configuration_that_only_fresh_seeds_brought_to_its_end_has_nothing_that_the_search_saw()
    {
        Given(Some.Completed(1, 0.5) with { State = TrialState.Pruned }, Fresh(2, 1, 0.9), Fresh(3, 1, 0.9));
        var row = Assert.Single(_database.Reader.Leaderboard(Some.Id));
        Assert.Equal((true, 0.9, 0.9, 0.9, null), (row.Confirmed, row.Value, row.Low, row.High, row.Searched));
    }

    [Fact]
    public void The_configuration_of_defaults_is_marked()
    {
        Given(Some.Completed(1, 0.5) with { Purpose = TrialPurpose.Baseline }, Some.Completed(2, 0.9));
        Assert.Equal([false, true], _database.Reader.Leaderboard(Some.Id).Select(row => row.Baseline));
    }

    [Fact]
    public void The_intervals_are_wider_when_more_are_compared()
    {
        Given(Some.Completed(1, 0.99), Some.Completed(2, 0.97), Fresh(3, 1, 0.9), Fresh(4, 1, 0.92));
        var alone = _database.Reader.Leaderboard(Some.Id)[0];
        Assert.Equal(0.127062, Math.Round(alone.High!.Value - alone.Value!.Value, 6));
        _database.Write(Some.Id, [Some.Adding(Fresh(5, 2, 0.8)), Some.Adding(Fresh(6, 2, 0.8))]);
        var beside = _database.Reader.Leaderboard(Some.Id)[0];
        Assert.Equal((1L, alone.Value), (beside.Configuration, beside.Value));
        Assert.Equal(0.254517, Math.Round(beside.High!.Value - beside.Value!.Value, 6));
    }

    private static TrialRecord Fresh(int number, int configuration, double value) => Some.Completed(number, value, configuration) with
    {
        Purpose = TrialPurpose.Confirmation,
        Seed = 1_001_111 + number,
    };

    [Fact]
    public void Only_configurations_with_a_completed_trial_are_on_it()
    {
        Given(
            Some.Completed(1, 0.9) with { State = TrialState.Pruned },
            Some.Completed(2, 0.9) with { State = TrialState.Failed },
            Some.Completed(3, 0.1),
            Some.Trial(4));
        Assert.Equal(["3"], Ranking());
    }

    [Fact]
    public void A_configuration_is_the_mean_of_its_completed_seeds_and_is_named_by_the_first_of_them()
    {
        Given(
            Some.Completed(1, 0.1, 1) with { State = TrialState.Failed },
            Some.Completed(2, 0.8, 1),
            Some.Completed(3, 0.6, 1) with { TestAccuracy = 0.8 },
            Some.Completed(4, 0.75, 2));

        var rows = _database.Reader.Leaderboard(Some.Id);

        Assert.Equal(["tcn-7f3k/4", "tcn-7f3k/2"], rows.Select(r => r.Trial));
        Assert.Equal((0.75, null, 1L), (rows[0].Value, rows[0].Deviation, rows[0].Seeds));
        Assert.Equal(0.7, rows[1].Value!.Value, 1e-15);
        Assert.Equal(0.1414213562373095, rows[1].Deviation!.Value, 1e-15);
        Assert.Equal(0.85, rows[1].TestAccuracy!.Value, 1e-15);
        Assert.Equal((2L, 4L), (rows[1].Seeds, rows[1].Epoch));
    }

    [Fact]
    public void A_seed_without_a_finite_value_leaves_no_mean()
    {
        Given(Some.Completed(1, 0.9, 1), Some.Completed(2, null, 1), Some.Completed(3, 0.1, 2));

        var last = _database.Reader.Leaderboard(Some.Id)[^1];

        Assert.Equal(("tcn-7f3k/1", null, null, 2L), (last.Trial, last.Value, last.Deviation, last.Seeds));
    }

    [Fact]
    public void The_same_values_tie_whichever_seed_gave_them()
    {
        // 0.1 + 0.2 + 0.3 depends on the order of adding: without a fixed order the later configuration could win by the last bit.
        Given(
            Some.Completed(1, 0.1, 1), Some.Completed(2, 0.2, 1), Some.Completed(3, 0.3, 1),
            Some.Completed(4, 0.3, 2), Some.Completed(5, 0.2, 2), Some.Completed(6, 0.1, 2));

        var rows = _database.Reader.Leaderboard(Some.Id);
        Assert.Equal(rows[0].Value, rows[1].Value);
        Assert.Equal(["1", "4"], Ranking());
    }

    [Fact]
    public void Random_sweeps_rank_as_the_rules_say()
    {
        var random = new Random(3);
        for (var round = 0; round < 12; round++)
        {
            var sweep = Some.Sweep($"many-{round:0000}", maximize: random.Next(2) == 0);
            var number = 0;
            var trials = Enumerable.Range(1, 40).SelectMany(c => Enumerable.Range(0, 1 + random.Next(4)).Select(_ =>
                Some.Completed(++number, random.Next(8) == 0 ? null : random.Next(6) / 8.0, c) with
                {
                    State = random.Next(5) == 0 ? TrialState.Pruned : TrialState.Completed,
                })).ToArray();
            _database.Write(sweep.Id, [Some.Adding(sweep), .. trials.Select(Some.Adding)]);

            // Eighths add without rounding, so the means are exact.
            var expected = trials.Where(t => t.State == TrialState.Completed).GroupBy(t => t.Configuration)
                .Select(g => (Number: g.Min(t => t.Number), Value: g.Any(t => t.Value is null) ? (double?)null : g.Average(t => t.Value)))
                .OrderBy(c => c.Value is null).ThenBy(c => sweep.Maximize ? -c.Value : c.Value).ThenBy(c => c.Number)
                .Select((c, i) => ($"{sweep.Id}/{c.Number}", c.Value, (long)i + 1));

            Assert.Equal(expected, _database.Reader.Leaderboard(sweep.Id).Select(r => (r.Trial, r.Value, r.Rank)));
        }
    }

    [Fact]
    public void Who_lacks_a_seed_ranks_behind_all_that_have_every_one_and_is_the_best_of_nothing()
    {
        GivenSeeds(3, Some.Completed(1, 0.9, 1), Ended(2, TrialState.Pruned, 0.3, 1), Ended(3, TrialState.Failed, 0.99, 1), Some.Completed(4, 0.8, 2), Some.Completed(5, 0.8, 2), Some.Completed(6, 0.8, 2), Some.Completed(7, 0.95, 3), Some.Completed(8, 0.95, 3), Some.Trial(9, 3));

        Assert.Equal([("4", 3L, true), ("7", 2L, false), ("1", 1L, false)], _database.Reader.Leaderboard(Some.Id).Select(row => (row.Trial.Split('/')[1], row.Seeds, row.IsWhole)));
        Assert.Equal(("tcn-7f3k/4", 0.8), (_database.Reader.Best(Some.Id)!.Trial, _database.Reader.Sweep(Some.Id)!.Best));
        Assert.Equal([4, 5, 6], _database.Reader.EndedTrials(Some.Id).Where(trial => trial.State == TrialState.Completed).Select(trial => trial.Epochs == 5 ? trial.Configuration + 2 : 0).Select((configuration, i) => configuration + i));
        Assert.Equal(0.8, Assert.Single(new Results.Tables.CurveReader(_database.Path).History(Some.Id)).Value);

        // The last seed of the third arrives.
        _database.Write(Some.Id, new SweepChange.TrialUpdated(Some.Completed(9, 0.95, 3), 0));
        Assert.Equal(["7", "4", "1"], Ranking());
        Assert.Equal("tcn-7f3k/7", _database.Reader.Best(Some.Id)!.Trial);
    }

    [Fact]
    public void More_seeds_make_every_configuration_one_that_lacks_some()
    {
        GivenSeeds(1, Some.Completed(1, 0.9, 1), Some.Completed(2, 0.8, 2));
        Assert.NotNull(_database.Reader.Best(Some.Id));

        _database.Write(Some.Id, [new SweepChange.SweepUpdated(Some.Sweep() with { Seeds = 2 }), Some.Adding(Some.Trial(3, 1)), Some.Adding(Some.Completed(4, 0.8, 2))]);

        Assert.Equal([("2", 2L), ("1", 1L)], _database.Reader.Leaderboard(Some.Id).Select(row => (row.Trial.Split('/')[1], row.Seeds)));
        Assert.Equal("tcn-7f3k/2", _database.Reader.Best(Some.Id)!.Trial);
    }

    private void GivenSeeds(int seeds, params TrialRecord[] trials) =>
        _database.Write(Some.Id, [Some.Adding(Some.Sweep() with { Seeds = seeds }), .. trials.Select(Some.Adding)]);

    private static TrialRecord Ended(int number, TrialState state, double value, int configuration) => Some.Completed(number, value, configuration) with { State = state };

    [Fact]
    public void Top_cuts_the_end_off()
    {
        Given([.. Enumerable.Range(1, 20).Select(n => Some.Completed(n, n))]);
        Assert.Equal(["tcn-7f3k/20", "tcn-7f3k/19"], _database.Reader.Leaderboard(Some.Id, top: 2).Select(r => r.Trial));
    }

    [Fact]
    public void The_first_rows_are_found_without_sorting_or_a_look_at_the_others()
    {
        Given(Some.Completed(1, 0.5), Some.Completed(2, 0.9));
        using var connection = _database.Foreign();

        var plan = connection.Query<(int Id, int Parent, int Unused, string Detail)>("explain query plan select * from leaderboard where sweep = 'tcn-7f3k' limit 20").Select(step => step.Detail).ToList();

        Assert.Contains(plan, step => step.StartsWith("SEARCH standing USING", StringComparison.Ordinal) && step.EndsWith("(sweep=?)", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal) || step.Contains("MATERIALIZE", StringComparison.Ordinal));
        Assert.Equal([1L, 2L], connection.Query<long>("select rank from leaderboard where sweep = 'tcn-7f3k' limit 20"));
    }

    [Fact]
    public void A_trial_that_is_completed_later_counts_at_once_and_one_that_ends_otherwise_never()
    {
        Given(Some.Completed(1, 0.8, 1), Running(2, 1), Running(3, 2));

        _database.Write(Some.Id, new SweepChange.TrialUpdated(Some.Completed(2, 0.6, 1), 1));
        _database.Write(Some.Id, new SweepChange.TrialUpdated(Running(3, 2) with { State = TrialState.Cancelled }, 1));

        var only = Assert.Single(_database.Reader.Leaderboard(Some.Id));
        Assert.Equal((0.7, 2L, "tcn-7f3k/1"), (Math.Round(only.Value!.Value, 12), only.Seeds, only.Trial));
    }

    [NeedsSqlite3Fact]
    public void The_sqlite3_program_reads_every_view_as_we_do()
    {
        Given(Some.Completed(1, 0.8, 1), Some.Completed(2, 0.6, 1), Some.Completed(3, 0.75, 2));
        _database.Write(Some.Id, Some.Reporting(1, 1, Some.Report(1)), new SweepChange.CheckpointAdded(1, 1, 1, Some.Checkpoint(1), Some.Time));

        Assert.Equal(
            "tcn-7f3k/3|1|0.75||1\ntcn-7f3k/1|2|0.7|0.141421|2\n",
            Sqlite3("select trial, rank, value, round(deviation, 6), seeds from leaderboard where sweep = 'tcn-7f3k'"));
        foreach (var view in new[] { "sweeps", "trials", "reports", "leaderboard", "events", "workers", "checkpoints" })
        {
            Sqlite3($"select * from {view}");
        }
    }

    private static TrialRecord Running(int number, int configuration) => Some.Trial(number, configuration) with { State = TrialState.Running, Lease = 1, Attempts = 1 };

    private string Sqlite3(string sql)
    {
        using var process = Process.Start(new ProcessStartInfo("sqlite3", ["-readonly", _database.Path, sql]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        Assert.Equal("", process.StandardError.ReadToEnd());
        return output;
    }

    private sealed class NeedsSqlite3FactAttribute : FactAttribute
    {
        public NeedsSqlite3FactAttribute()
        {
            var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
            if (!folders.Any(folder => File.Exists(Path.Combine(folder, "sqlite3"))))
            {
                Skip = "the program sqlite3 is not installed";
            }
        }
    }
}
