using System.Text.RegularExpressions;
using Dapper;
using SeqMnistSweep.Results.Tests.Support;

namespace SeqMnistSweep.Results.Tests.Schema;

public sealed partial class ViewContractTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public static TheoryData<string, string> Promised => new()
    {
        { "sweeps", "sweep name state method metric goal infeasible spec created started finished" },
        { "trials", "trial sweep number state cause value epoch test_loss test_accuracy params seed attempts worker device started finished" },
        { "attempts", "trial attempt worker device granted started ended outcome cause" },
        { "reports", "trial epoch attempt train_loss train_accuracy val_loss val_accuracy test_loss test_accuracy epoch_seconds metrics time" },
        { "superseded_reports", "trial epoch attempt metrics time" },
        { "steps", "trial step attempt metrics time" },
        { "leaderboard", "sweep rank trial value deviation seeds epoch test_accuracy params baseline confirmed low high searched gap" },
        { "pareto", "sweep trial seeds values params configuration" },
        { "events", "event sweep trial kind from_state to_state reason actor attempt time said_by" },
        { "audit", "entry time who role address action target outcome" },
        { "workers", "worker incarnation device slots state started seen" },
        { "checkpoints", "trial epoch batch digest bytes attempt time" },
    };

    public void Dispose() => _database.Dispose();

    [Theory]
    [MemberData(nameof(Promised))]
    public void A_view_has_the_columns_that_were_promised(string view, string columns)
    {
        var promised = columns.Split(' ');
        Assert.Empty(promised.Except(ColumnsOf(view)));
    }

    [Theory]
    [MemberData(nameof(Promised))]
    public void Every_column_of_a_view_is_in_the_README(string view, string columns)
    {
        _ = columns;
        var section = Readme().Split("\n### ").Single(part => part.StartsWith(view + "\n", StringComparison.Ordinal));
        var documented = section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Quoted().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value));

        Assert.Equal(ColumnsOf(view).Order(), documented.Order());
    }

    [Fact]
    public void Every_view_is_promised_and_in_the_README()
    {
        using var connection = _database.Foreign();
        var views = connection.Query<string>("select name from sqlite_schema where type = 'view'").Order();
        Assert.Equal(Promised.Select(row => row[0].ToString()).Order(), views);
    }

    [Fact]
    public void Tables_are_strict_and_the_version_counts_the_migrations()
    {
        using var connection = _database.Foreign();
        Assert.Empty(connection.Query<string>("select name from pragma_table_list where type = 'table' and schema = 'main' and name not like 'sqlite_%' and not strict"));
        Assert.Equal(Migration.All.Count, connection.ExecuteScalar<int>("pragma user_version"));
        Assert.Equal("wal", connection.ExecuteScalar<string>("pragma journal_mode"));
    }

    [Fact]
    public void A_view_of_one_trial_reads_no_other()
    {
        using var connection = _database.Foreign();
        foreach (var view in new[] { "trials", "attempts", "reports", "checkpoints" })
        {
            var plan = connection.Query("explain query plan select * from " + view + " where trial = 'tcn-7f3k/1'").Select(row => (string)row.detail);
            Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal) && step is not ("SCAN attempts" or "SCAN sweep USING INDEX sweep_deleted")); // what was found, and what is being deleted
        }
    }

    private List<string> ColumnsOf(string view)
    {
        using var connection = _database.Foreign();
        return connection.Query<string>("select name from pragma_table_info(@view)", new { view }).AsList();
    }

    private static string Readme() => RepositoryFiles.Read("src", "SeqMnistSweep.Results", "README.md");

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Quoted();
}
