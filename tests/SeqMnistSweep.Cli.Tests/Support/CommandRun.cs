using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Support;

internal sealed record CommandRun(int ExitCode, string Out, string Error);

/// <summary>A folder in which commands run in memory; it may have a database of one small sweep.</summary>
internal sealed class Workplace : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-cli-");

    public string Database => Path.Combine(_folder.FullName, ".seqsweep", "sweeps.db");

    public Dictionary<string, string> Variables { get; } = new()
    {
        ["LANG"] = "C.UTF-8", ["TERM"] = "xterm-256color", ["XDG_RUNTIME_DIR"] = TestHead.RuntimeFolder,
    };

    /// <summary>Columns of the terminal; null runs the command in a pipe.</summary>
    public int? Width { get; set; }

    public string Input { get; set; } = "";

    public string Folder => _folder.FullName;

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The grains that commands reach; null for those of a real head.</summary>
    public IHeadLink? Link { get; set; }

    /// <summary>The schemas that JSON of commands was held against.</summary>
    public SortedSet<string> Answered { get; } = new(StringComparer.Ordinal);

    public async Task<CommandRun> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var context = new CommandContext(
            new StringReader(Input), output, error, Width, Width, Variables.GetValueOrDefault, _folder.FullName, Clock)
        {
            IsInteractive = Width is not null && Input.Length > 0,
        };
        if (Link is { } link)
        {
            context = context with { Connect = (_, _, _, _) => Task.FromResult(link), ConnectToRead = (_, _) => link };
        }

        var code = await CommandLine.RunAsync(args, context);
        var run = new CommandRun(code, output.ToString(), error.ToString());
        if (JsonAnswer.Check(args, run) is { } schema)
        {
            Answered.Add(schema);
        }

        return run;
    }

    /// <summary>Runs a command with <c>-o json</c> that succeeds.</summary>
    public async Task<JsonNode> RunJsonAsync(params string[] args)
    {
        var run = await RunAsync([.. args, "-o", "json"]);
        Assert.True(run.ExitCode == 0, $"exit code {run.ExitCode}: {run.Error}");
        return JsonNode.Parse(run.Out)!;
    }

    /// <summary>Two configurations with two seeds and one, one failed trial, one that runs.</summary>
    public async Task AddSweepAsync(string id = "tcn-7f3k", int hour = 0)
    {
        using var database = ResultDatabase.Open(Database, TimeProvider.System);
        using var writer = new ResultWriter(database);
        var sweep = new SweepRecord
        {
            Id = SweepId.Parse(id),
            Name = "tcn",
            State = SweepState.Completed,
            Method = "grid",
            Metric = "val_accuracy",
            Maximize = true,
            Source = "method: grid\n",
            Digest = "d",
            Planned = 4,
            Created = Time.AddHours(hour),
            Finished = Time.AddHours(hour + 1),
        };
        await writer.WriteAsync(sweep.Id,
        [
            new SweepChange.SweepAdded(sweep),
            new SweepChange.TrialAdded(Trial(1, 1, 8, 0.98)),
            new SweepChange.TrialAdded(Trial(2, 1, 8, 0.96)),
            new SweepChange.TrialAdded(Trial(3, 2, 7, 0.975)),
            new SweepChange.TrialAdded(Trial(4, 3, 6, null) with { State = TrialState.Failed, Cause = FailureCause.OutOfMemory, Message = "no\u001b[31m memory" }),
            new SweepChange.ReportAdded(1, 1, 1, EpochReport.FromJson(1, """{"train_loss":0.5,"val_accuracy":0.98}"""), Time),
            new SweepChange.EventAdded(new SweepEvent(
                new Occurrence.TrialMoved(4, 1, TrialState.Running, TrialState.Failed, TransitionCause.Failed, FailureCause.OutOfMemory),
                "out of memory",
                "schedule",
                Time)),
        ]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static TrialRecord Trial(int number, int configuration, int levels, double? value) => new()
    {
        Number = number,
        Configuration = configuration,
        Parameters = ParameterSet.FromJson($$"""{"levels":{{levels}},"lr":0.002}"""),
        Seed = 1110 + number,
        State = TrialState.Completed,
        Lease = 1,
        Attempts = 1,
        Epoch = 5,
        Value = value,
        ValueEpoch = 5,
        TestAccuracy = value,
        Created = Time,
    };
}
