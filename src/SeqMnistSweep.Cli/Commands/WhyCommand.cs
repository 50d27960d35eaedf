using System.CommandLine;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class WhyCommand : Verb
{
    private readonly Argument<string> _trial = new("trial") { HelpName = "TRIAL", Description = "a trial such as tcn-7f3k/17, or @last/17" };

    public WhyCommand(CommonOptions options)
        : base(
            "why",
            "why a trial is what it is: origin, attempts, what it waits for",
            "Sweeps",
            ("seqsweep why tcn-7f3k/17", "where it came from, each attempt and how it ended"),
            ("seqsweep why @last/4 -o json", "the same for a script"))
    {
        Add(_trial);
        Add(options.Database);
        Add(options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var (sweep, trial) = await SweepReference.ResolveTrialAsync(results, parsed.GetValue(_trial)!, stop);
            var events = await results.EventsAsync(TrialId.Parse(trial.Trial), int.MaxValue, stop);
            var details = Of(trial, events, await WaitsAsync(results, sweep, trial, options.Context, stop));
            details.Write(options.Context.Out, parsed.GetValue(options.Output)!, options.OutProfile(parsed));
            if (!options.IsJson(parsed) && trial.Attempts > 0)
            {
                options.Context.Say($"what it wrote: seqsweep logs {trial.Trial}{options.HeadArgument(parsed)}");
            }

            return ExitCodes.Ok;
        });
    }

    private static Details Of(TrialRow trial, IReadOnlyList<EventRow> events, string? waits)
    {
        var last = events.LastOrDefault(happened => happened.ToState == trial.State);
        var details = new Details();
        details.Add("trial", trial.Trial);
        details.Add("state", trial.State);
        details.Add("since", last?.Time);
        details.Add("because", last?.Reason);
        details.Add("by", last?.Actor);
        details.Add("cause", trial.Cause);
        details.Add("message", trial.Message);
        details.Add("waits", waits);
        details.Add("origin", trial.Origin);
        if (events.FirstOrDefault(happened => happened.Kind == SweepSchedule.ProposedEvent) is { } proposed)
        {
            details.Add("known_then", proposed.Reason);
        }

        details.Add("params", new Cell(JsonNode.Parse(trial.Params), ParameterSet.FromJson(trial.Params).ToString()));
        details.Add("seed", trial.Seed);
        details.Add("epochs", trial.Epochs);
        details.Add("failures", new Cell(trial.Failures, trial.Failures > 0 ? $"{trial.Failures} by its own fault" : ""));
        details.Add("attempts", Attempts(events));
        return details;
    }

    private static TableOutput Attempts(IReadOnlyList<EventRow> events)
    {
        var table = new TableOutput(["attempt", "worker", "end", "reason", "granted", "started", "ended"]);
        foreach (var attempt in AttemptHistory.Of(events))
        {
            table.Add(
                Cell.Of((long)attempt.Number), Cell.Of(attempt.Worker), Cell.Of(attempt.End ?? "goes on"), Cell.Of(attempt.Reason),
                Short(attempt.Granted), Short(attempt.Started), Short(attempt.Ended));
        }

        return table;
    }

    private static Cell Short(string? time) => time is null ? Cell.Of(null) : new Cell(time, time[11..19]);

    /// <summary>A trial that is queued waits for what its sweep waits for, or for its turn.</summary>
    private static async Task<string?> WaitsAsync(IResults results, SweepRow sweep, TrialRow trial, CommandContext context, CancellationToken stop) =>
        StateNames.Parse<TrialState>(trial.State) switch
        {
            TrialState.Queued or TrialState.Paused => await WaitReason.OfAsync(results, sweep, context, stop) ?? "its turn: others of its sweep run",
            TrialState.Leased => $"granted to {trial.Worker}, about to start",
            _ => null,
        };
}
