using SeqMnistSweep.Grains;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Writing;

public sealed class LabelWriterTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void A_sweep_begins_with_the_description_and_the_tags_of_its_file()
    {
        var row = Add("description: wide kernels\ntags: [demo, 'a \"b\"']\nmethod: grid\n");

        Assert.Equal("wide kernels", row.Description);
        Assert.Equal(["demo", "a \"b\""], row.ReadTags().AsEnumerable());
        Assert.Equal((null, null, null), (row.Title, row.Note, row.Archived));
    }

    [Fact]
    public void Labels_stay_when_the_schedule_writes_the_sweep_again()
    {
        Add("tags: [demo, old]\n");
        Assert.Equal(LabelOutcome.Applied, Label(new() { Title = "second try", Note = "lr\nhigh", AddTags = ["paper", "demo"], RemoveTags = ["old"] }));
        _database.Write(Some.Id, new SweepChange.SweepUpdated(Some.Sweep() with { Priority = 7 }));

        var row = _database.Reader.Sweep(Some.Id)!;
        Assert.Equal(("second try", "lr\nhigh", 7L), (row.Title, row.Note, row.Priority));
        Assert.Equal(["demo", "paper"], row.ReadTags().AsEnumerable());
        var happened = _database.Reader.Events(Some.Id)[^1];
        Assert.Equal(("labelled", "ada"), (happened.Kind, happened.Actor));
        Assert.Contains("second try", happened.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_text_takes_a_label_away()
    {
        Add("");
        Label(new() { Title = "a", Note = "b" });
        Label(new() { Title = "", Note = "" });

        var row = _database.Reader.Sweep(Some.Id)!;
        Assert.Equal((null, null), (row.Title, row.Note));
    }

    [Fact]
    public void Only_an_ended_sweep_is_archived_and_one_that_goes_on_comes_back()
    {
        Add("");
        Assert.Equal(LabelOutcome.NotEnded, Label(new() { Archived = true }));

        _database.Write(Some.Id, new SweepChange.SweepUpdated(Some.Sweep() with { State = SweepState.Stopped, Finished = Some.Time }));
        Assert.Equal(LabelOutcome.Applied, Label(new() { Archived = true }));
        Assert.NotNull(_database.Reader.Sweep(Some.Id)!.Archived);

        _database.Write(Some.Id, new SweepChange.SweepUpdated(Some.Sweep()));
        Assert.Null(_database.Reader.Sweep(Some.Id)!.Archived);
    }

    [Fact]
    public void The_last_sweep_is_the_newest_that_is_not_archived()
    {
        foreach (var (id, hour) in new[] { ("tcn-0001", 1), ("tcn-0002", 2) })
        {
            var sweep = Some.Sweep(id) with { Created = Some.Time.AddHours(hour), State = SweepState.Completed, Finished = Some.Time.AddHours(3) };
            _database.Write(sweep.Id, Some.Adding(sweep));
        }

        Label(new() { Archived = true }, "tcn-0002");

        Assert.Equal("tcn-0001", _database.Reader.FindSweeps("@last")[0].Sweep);
        Assert.Equal(["tcn-0002", "tcn-0001"], _database.Reader.FindSweeps("tcn").Select(sweep => sweep.Sweep));
    }

    [Fact]
    public void A_title_is_understood_in_the_place_of_an_id()
    {
        Add("");
        Label(new() { Title = "Second try" });

        Assert.Equal("tcn-7f3k", _database.Reader.FindSweeps("second TRY")[0].Sweep);
    }

    private LabelOutcome Label(LabelRequest request, string id = "tcn-7f3k") =>
        _database.Writer.LabelAsync(SweepId.Parse(id), request with { By = "ada", Reason = "why not" }, Some.Time).Soon();

    private Rows.SweepRow Add(string source)
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep() with { Source = source }));
        return _database.Reader.Sweep(Some.Id)!;
    }
}
