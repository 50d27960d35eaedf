using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.TestSupport;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Tests.Programs;

/// <summary>What is a report, of which epoch, and with which checkpoint.</summary>
public sealed class ProgramOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"level":"info","time":1712345678,"msg":"start"}""", true)]
    [InlineData("""{"train_loss":0.5}""", true)]
    [InlineData("{'loss': 0.5}", true)]
    [InlineData("""{"level":"info","msg":"start"}""", false)]
    [InlineData("{broken", false)]
    [InlineData("loss 0.5", false)]
    public async Task A_line_without_epoch_and_metric_is_log_and_what_looks_like_a_report_is_told_once(string line, bool isTold)
    {
        var output = Output();
        Assert.Empty(await Told(output, line, line, """{"loss":0.25}""") is [var report] ? [] : new[] { "no report" });
        Assert.Equal(isTold ? 1 : 0, _log.Count);
        Assert.All(_log, told => Assert.EndsWith(line, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_without_an_epoch_are_the_next_one_as_soon_as_the_metric_is_told_again()
    {
        Assert.Equal(
            ["1 lr", "1 loss", "2 loss", "2 acc", "3 loss"],
            await Told(Output("acc"), """{"epoch":1,"lr":1}""", """{"loss":1}""", """{"loss":2}""", """{"acc":2}""", """{"loss":3}"""));
        Assert.Equal(["1 loss", "2 loss"], await Told(Output(), """{"loss":1}""", """{"loss":2}"""));
    }

    [Fact]
    public async Task A_resumed_program_goes_on_counting_after_its_checkpoint()
    {
        var output = Output(resume: new CheckpointFile(4, 0, "aa", 1));
        Assert.Equal(["5 loss", "7 loss", "8 loss"], await Told(output, """{"loss":1}""", """{"epoch":7,"loss":1}""", """{"loss":1}"""));
        Assert.Equal(8, output.Epoch);
    }

    [Fact]
    public async Task An_epoch_that_cannot_be_is_passed_on_for_the_head_to_refuse() => Assert.Equal(
        ["3 loss", "-1 loss", "2147483646 loss"],
        await Told(Output(), """{"epoch":3,"loss":1}""", """{"epoch":-1,"loss":1}""", """{"epoch":1e30,"loss":1}"""));

    [Fact]
    public async Task A_program_may_count_from_0() => Assert.Equal(
        ["1 loss", "2 loss", "3 loss"], await Told(Output(), """{"epoch":0,"loss":1}""", """{"epoch":1,"loss":1}""", """{"loss":1}"""));

    [Fact]
    public async Task One_that_counts_from_0_goes_on_at_the_number_of_its_checkpoint()
    {
        var output = Output(resume: new CheckpointFile(4, 0, "aa", 1)); // what it calls epoch 3
        Assert.Equal(["5 loss", "6 loss"], await Told(output, """{"epoch":4,"loss":1}""", """{"epoch":5,"loss":1}"""));
    }

    [Fact]
    public async Task The_checkpoint_of_a_line_that_is_followed_at_once_by_another_of_the_same_file_may_be_the_others()
    {
        _folder.Write("c", [2]);
        var lines = new LineReader(new StringReader("""
            {"epoch":1,"loss":1,"checkpoint":"c"}
            a log line
            {"epoch":2,"loss":1,"checkpoint":"c"}
            """), 1000);
        var output = Output();
        var files = new List<(int, bool)>();
        while (await lines.ReadAsync() is { } line)
        {
            if (await output.EventOfAsync(line, meant => lines.ComesAsync(meant, Task.Delay(Timeout.Infinite)), _log.Add) is AttemptEvent.Reported report)
            {
                files.Add((report.Report.Epoch, report.Checkpoint is not null));
            }
        }

        Assert.Equal([(1, false), (2, true)], files);
        Assert.Single(_log, told => told.Contains("named again at once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_written_while_it_is_copied_is_not_taken_and_one_that_is_replaced_is_taken_as_it_was()
    {
        var path = _folder.Write("c", [1]);
        var output = Output();
        var written = await output.EventOfAsync("""{"epoch":1,"loss":1,"checkpoint":"c"}""", _ =>
        {
            File.AppendAllText(path, "more");
            return Task.FromResult(false);
        }, _log.Add);
        Assert.Null(Assert.IsType<AttemptEvent.Reported>(written).Checkpoint);
        Assert.Single(_log, told => told.Contains("written while it was copied", StringComparison.Ordinal));

        File.WriteAllBytes(path, [7]);
        var replaced = await output.EventOfAsync("""{"epoch":2,"loss":1,"checkpoint":"c"}""", _ =>
        {
            File.Move(_folder.Write("next", [8, 8]), path, overwrite: true);
            return Task.FromResult(false);
        }, _log.Add);
        var taken = Assert.IsType<AttemptEvent.Reported>(replaced).Checkpoint!;
        Assert.Equal([7], File.ReadAllBytes(_folder[taken.FileName]));
    }

    [Fact]
    public async Task A_checkpoint_may_come_before_or_after_the_metrics_of_its_epoch()
    {
        _folder.Write("c", [1]);
        Assert.Equal(
            ["1 loss", "checkpoint 1.0", "checkpoint 1.1", "2  c", "2 loss"],
            await Told(Output(), """{"epoch":1,"loss":1}""", """{"epoch":1,"checkpoint":"c"}""", """{"checkpoint":"c"}""", """{"epoch":2,"checkpoint":"c"}""", """{"epoch":2,"loss":1}"""));
    }

    [Fact]
    public async Task Printed_lines_are_reports_of_the_epoch_that_was_named_last_and_stay_in_the_log()
    {
        var output = Output(pattern: @"Epoch (?P<epoch>\d+)|step (?P<step>\d+)|(?P<name>loss|acc)=(?P<value>\S+)");
        Assert.Equal(
            ["1 acc", "1 loss", "2 loss", "3 acc,loss", "4 loss"],
            await Told(output, "Epoch 0", "acc=0.5", "loss=1,", "Epoch 1 loss=(x) loss=2)", "Epoch 2: loss=nan acc=93%", "step 7 acc=1", """{"epoch":3,"loss":4}"""));
        Assert.Equal(["acc=0.5", "loss=1,", "Epoch 1 loss=(x) loss=2)", "Epoch 2: loss=nan acc=93%", "step 7 acc=1"], _log);
    }

    [Fact]
    public async Task Without_an_epoch_a_printed_metric_is_the_next_one() => Assert.Equal(
        ["1 loss", "1 acc", "2 loss"],
        await Told(Output("acc", pattern: @"(?P<name>loss|acc|lr)=(?P<value>\S+)"), "lr=3", "loss=1", "acc=1", "loss=0.5"));

    private async Task<List<string>> Told(ProgramOutput output, params string[] lines)
    {
        var told = new List<string>();
        foreach (var line in lines)
        {
            told.AddRange(await output.EventOfAsync(line, _ => Task.FromResult(false), _log.Add) switch
            {
                AttemptEvent.Reported(var report, var file) => [$"{report.Epoch} {string.Join(',', report.Metrics.Keys)}{(file is null ? "" : " c")}"],
                AttemptEvent.Checkpointed(var file) => [$"checkpoint {file.Epoch}.{file.Batch}"],
                _ => Array.Empty<string>(),
            });
        }

        return told;
    }

    private ProgramOutput Output(string? second = null, CheckpointFile? resume = null, string? pattern = null) => new(new TrialAssignment
    {
        Trial = new TrialId(SweepId.Parse("rig-0000"), 1),
        Attempt = 1,
        Program = "train.py",
        Parameters = ParameterSet.Empty,
        Seed = 1,
        Metric = "loss",
        Metrics = second is null ? ["loss"] : ["loss", second],
        Maximize = false,
        Resume = resume,
        ProgramSettings = new ProgramSettings { MetricsPattern = pattern },
        CheckpointFolder = _folder.Path,
    });
}
