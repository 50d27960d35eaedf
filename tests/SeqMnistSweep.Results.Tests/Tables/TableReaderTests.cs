using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Tables;

public sealed class TableReaderTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public TableReaderTests() => _database.Write(Some.Id,
    [
        Some.Adding(Some.Sweep()),
        Add(1, """{"lr":0.1,"optimizer":"SGD","permute":true,"momentum":0.9}""", 0.5),
        Add(2, """{"lr":0.001,"optimizer":"Adam","permute":false}""", 0.9),
        Add(3, """{"lr":0.0001,"optimizer":"Adam","permute":true}""", null),
        Add(4, """{"lr":0.01,"optimizer":"Adam","permute":false,"layers":[1,2]}""", 0.9),
        new SweepChange.TrialAdded(Some.Trial(5) with { Parameters = ParameterSet.FromJson("""{"lr":0.1,"optimizer":"it's <b>","permute":false}"""), State = TrialState.Failed, Cause = FailureCause.OutOfMemory }),
    ]);

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData("", "1 2 3 4 5")]
    [InlineData("lr < 1e-3", "3")]
    [InlineData("lr < 0.01 and not permute", "2")]
    [InlineData("permute", "1 3")]
    [InlineData("optimizer == 'Adam'", "2 3 4")]
    [InlineData("optimizer in ['SGD', 'none']", "1")]
    [InlineData("optimizer not in ['SGD']", "2 3 4 5")]
    [InlineData("optimizer == \"it's <b>\"", "5")]
    [InlineData("state == 'failed' and cause == 'out_of_memory'", "5")]
    [InlineData("value > 0.6", "2 4")]
    [InlineData("val_accuracy > 0.6", "2 4")] // the sweep's metric
    [InlineData("value == null", "3 5")]
    [InlineData("value != null", "1 2 4")]
    [InlineData("0.001 <= lr < 0.1", "2 4")]
    [InlineData("momentum > 0", "1")] // the others have none
    [InlineData("not momentum > 0", "")]
    [InlineData("log2(number) == 2", "4")]
    [InlineData("number % 2 == 0", "2 4")]
    [InlineData("-number // 2 == -2", "3 4")] // rounds down, as Python
    [InlineData("number ** 2 == 25", "5")]
    [InlineData("(1 if permute else 0) == 0", "2 4 5")]
    [InlineData("max(number, 3) == 3", "1 2 3")]
    public void A_filter_means_what_it_means_in_constraints(string where, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', Numbers(new TrialTableRequest(where))));

    [Theory]
    [InlineData("number", "1 2 3 4 5")]
    [InlineData("-number", "5 4 3 2 1")]
    [InlineData("lr", "3 2 4 1 5")]
    [InlineData("-lr", "1 5 4 2 3")] // ties by number either way
    [InlineData("-value", "2 4 1 3 5")] // without a value last either way
    [InlineData("value", "1 2 4 3 5")]
    [InlineData("best", "2 4 1 3 5")]
    [InlineData("optimizer", "2 3 4 1 5")]
    public void Trials_come_in_the_order_asked_for(string sort, string numbers)
    {
        Assert.Equal(numbers, string.Join(' ', Numbers(new TrialTableRequest(Sort: sort))));

        // The same by pages of two, going on from each one's cursor.
        var all = new List<object?>();
        string? cursor = null;
        do
        {
            var page = Read(new TrialTableRequest(Sort: sort, Cursor: cursor, Limit: 2));
            all.AddRange(page.Columns.Single(column => column.Name == "number").Values);
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(numbers, string.Join(' ', all));
    }

    [Fact]
    public void The_best_is_the_smallest_where_that_is_the_goal()
    {
        using var database = new TestDatabase();
        database.Write(Some.Id, [Some.Adding(Some.Sweep(maximize: false)), Add(1, "{}", 0.5), Add(2, "{}", null), Add(3, "{}", 0.1)]);

        var page = new TableReader(database.Path).Trials(Some.Id, new TrialTableRequest(Sort: TrialTableRequest.Best))!;

        Assert.Equal(["3", "1", "2"], page.Columns[0].Values.Select(value => $"{value}"));
    }

    [Fact]
    public void A_page_counts_what_there_is_and_what_matches()
    {
        var page = Read(new TrialTableRequest("optimizer == 'Adam'", Columns: ["number", "permute", "layers"], Offset: 1, Limit: 1));
        Assert.Equal((5, 3), (page.Total, page.Matched));
        Assert.Equal(["3"], page.Columns[0].Values.Select(value => $"{value}"));
        Assert.Equal("true", Assert.Single(page.Columns[1].Values));
        Assert.True(page.Columns[1].IsJson);
        Assert.Null(Assert.Single(page.Columns[2].Values));
        Assert.Equal(["lr", "optimizer", "permute", "momentum", "layers"], page.Parameters.OrderBy(name => Array.IndexOf(["lr", "optimizer", "permute", "momentum", "layers"], name)));
    }

    [Theory]
    [InlineData("lrr < 1", null, "there is no 'lrr'", "did you mean 'lr'?")]
    [InlineData("lr <", null, "", "write it as in constraints")]
    [InlineData("lr in 3", null, "takes a list on its right", "write it as in constraints")]
    [InlineData("1; drop table trial", null, "", "write it as in constraints")]
    [InlineData(null, "vlaue", "there is no 'vlaue'", "did you mean 'value'?")]
    public void What_cannot_be_asked_is_refused_in_words(string? where, string? sort, string message, string hint)
    {
        var refused = Assert.Throws<QueryException>(() => Read(new TrialTableRequest(where, sort)));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains(hint, refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cursor_that_is_none_is_refused() => Assert.Throws<QueryException>(() => Read(new TrialTableRequest(Cursor: "x")));

    [Fact]
    public void Of_a_sweep_that_is_not_there_is_nothing() =>
        Assert.Null(new TableReader(_database.Path).Trials(SweepId.Parse("other-0000"), new TrialTableRequest()));

    private static SweepChange Add(int number, string parameters, double? value) =>
        Some.Adding(Some.Completed(number, value) with { Parameters = ParameterSet.FromJson(parameters) });

    private IReadOnlyList<object?> Numbers(TrialTableRequest request) => Read(request with { Columns = ["number"] }).Columns[0].Values;

    private TrialTable Read(TrialTableRequest request) => new TableReader(_database.Path).Trials(Some.Id, request)!;
}
