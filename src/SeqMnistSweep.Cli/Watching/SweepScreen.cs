using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Watching;

/// <summary>A sweep under way as lines: how far it is, what runs, the best so far, what happened. Fills the screen and is never larger.</summary>
/// <param name="space">Null for a sweep whose file this program does not understand.</param>
internal sealed class SweepScreen(SearchSpace? space, bool unicode)
{
    private const int TrialBar = 10;

    /// <summary>Headline, bar and counts above; a message and the keys below.</summary>
    private const int Fixed = 5;

    /// <summary>An empty line and a head.</summary>
    private const int Heading = 2;

    private readonly Dictionary<string, bool> _varies =
        (space?.Dimensions ?? []).ToDictionary(dimension => dimension.Name, dimension => dimension.Distribution.Varies);

    /// <summary>Trials that a person can choose, in the order of the screen: what runs, then the best.</summary>
    public static IReadOnlyList<int> Choices(SweepStatus status) =>
        [.. Running(status).Select(running => running.Trial.Number).Concat(status.Top.Select(best => best.Number)).Distinct()];

    /// <param name="events">The newest last.</param>
    /// <param name="chosen">A trial's number.</param>
    /// <param name="foot">A message, and the keys.</param>
    public IReadOnlyList<Line> Lines(
        SweepStatus status, IReadOnlyList<StatusEvent> events, int? chosen, (int Width, int Height) size,
        IReadOnlyList<Line> foot)
    {
        var lines = new List<Line>
        {
            Headline(status),
            Bar.Of(status.Counts, status.Planned, Math.Max(1, size.Width - 1), unicode),
            Counts(status),
        };
        var running = Running(status).ToList();
        var room = Math.Max(1, size.Height - Fixed);
        var forRunning = Math.Min(running.Count, Math.Max(1, (room / 2) - Heading));
        var forTop = Math.Min(status.Top.Length, Math.Max(0, ((room - forRunning - Heading) * 2 / 3) - Heading));
        if (forRunning > 0)
        {
            lines.AddRange([Line.Empty, .. Table(RunningTable(status, Window(running, forRunning, chosen), chosen), size.Width)]);
            if (status.Active - forRunning is > 0 and var more)
            {
                lines.Add(new Line($"and {more} more that run or wait at a worker", "dim"));
            }
        }

        if (forTop > 0)
        {
            lines.AddRange([Line.Empty, .. Table(TopTable(status, forTop, chosen), size.Width)]);
        }

        var forEvents = size.Height - foot.Count - lines.Count - 1;
        if (forEvents > 0 && events.Count > 0)
        {
            lines.AddRange([Line.Empty, .. events.TakeLast(forEvents).Select(happened => new Line(SweepText.Event(happened), "dim"))]);
        }

        return Line.Fill(lines, size.Height, foot);
    }

    private static IEnumerable<RunningTrial> Running(SweepStatus status) => status.Running.Where(running => !running.Waits);

    /// <summary>Some of them, with the chosen one.</summary>
    private static List<RunningTrial> Window(List<RunningTrial> all, int room, int? chosen)
    {
        var at = all.FindIndex(running => running.Trial.Number == chosen);
        return all.GetRange(Math.Clamp(at - room + 1, 0, all.Count - room), room);
    }

    private static Line Headline(SweepStatus status)
    {
        var left = status.SecondsLeft is { } seconds ? $", about {SweepText.Duration(TimeSpan.FromSeconds(seconds))} left" : "";
        var spread = left.Length > 0 && status.SecondsSpread is >= 1 and var known
            ? $" +- {SweepText.Duration(TimeSpan.FromSeconds(known))}"
            : "";
        return new Line(($"{status.Sweep}", "bold"), ($"  {status.State.ToName()}{SweepText.Since(status, "  ")}{left}{spread}", ""));
    }

    private static Line Counts(SweepStatus status)
    {
        (TrialState State, string Style)[] states =
        [
            (TrialState.Completed, "green"), (TrialState.Pruned, "yellow"), (TrialState.Failed, "red"), (TrialState.Cancelled, "dim"),
            (TrialState.Running, "blue"), (TrialState.Leased, ""), (TrialState.Paused, ""), (TrialState.Queued, ""),
        ];
        var known = states.Where(one => status.Counts.GetValueOrDefault(one.State) > 0)
            .Select(one => ($"  {status.Counts[one.State]} {one.State.ToName()}", one.Style)).ToList();
        var made = status.Counts.Values.Sum();
        var of = status.Planned is { } planned
            ? $"{status.Ended} of {planned} trials ended, {100L * status.Ended / Math.Max(1, planned)} %"
            : $"{status.Ended} trials ended";
        return new Line([(of, "bold"), .. known, (status.Planned - made is > 0 and var rest ? $"  {rest} to come" : "", "dim")]);
    }

    private TableOutput RunningTable(SweepStatus status, List<RunningTrial> shown, int? chosen)
    {
        var varied = Varied(shown.Select(running => running.Trial), ["trial", "worker", "epoch", "left", "loss"]);
        var hasWorkers = status.Running.Select(running => running.Worker).Distinct().Count() > 1;
        var hasLeft = shown.Any(running => running.Progress?.SecondsLeft is not null);
        var hasBatches = shown.Any(running => running.Progress is { Batches: > 1 });
        List<(string Name, bool IsShown, Func<RunningTrial, object?> Of)> before =
        [
            ("", true, running => Mark(running.Trial.Number, chosen)),
            ("trial", true, running => Number(running.Trial)),
            ("worker", hasWorkers, running => running.Worker),
            ("epoch", true, Epoch),
            ("done", true, running => Bar.Of(Done(running.Progress), TrialBar, unicode)),
            ("left", hasLeft, running => Left(running.Progress)),
            (status.Metric, true, running => Cell.Metric(status.Metric, running.Trial.Value)),
        ];
        List<(string Name, bool IsShown, Func<RunningTrial, object?> Of)> after =
        [
            ("loss", hasBatches, running => running.Progress is { } progress ? SweepText.Short(progress.Loss) : null),
            ("batches/s", hasBatches, running => running.Progress is { BatchesPerSecond: > 0 and var rate } ? SweepText.Short(rate) : null),
        ];
        before.RemoveAll(column => !column.IsShown);
        after.RemoveAll(column => !column.IsShown);
        return TableOutput.Of(
            [.. before.Select(column => column.Name), .. varied.Columns, .. after.Select(column => column.Name)],
            shown,
            running =>
            [
                .. before.Select(column => column.Of(running)), .. varied.Of(running.Trial.Parameters.ToJson()).Select(SweepText.Short),
                .. after.Select(column => column.Of(running)),
            ]);
    }

    private TableOutput TopTable(SweepStatus status, int rows, int? chosen)
    {
        var varied = Varied(status.Top, ["rank", "trial", status.Metric, "epoch"]);
        return TableOutput.Of(
            ["", "best", "trial", status.Metric, .. varied.Columns, "epoch"],
            status.Top.Take(rows).Index(),
            one =>
            [
                Mark(one.Item.Number, chosen), one.Index + 1, Number(one.Item),
                Cell.Metric(status.Metric, one.Item.Value), .. varied.Of(one.Item.Parameters.ToJson()).Select(SweepText.Short),
                one.Item.Epoch,
            ]);
    }

    private VariedParameters Varied(IEnumerable<TrialSummary> trials, string[] beside) =>
        new(trials.Select(trial => trial.Parameters.ToJson()), _varies, beside);

    private IEnumerable<Line> Table(TableOutput table, int width) =>
        Line.Of(table, Math.Max(1, width - 1), unicode).Select(line => line.Text.StartsWith('>') ? new Line(line.Text, "invert") : line);

    private static string Mark(int number, int? chosen) => number == chosen ? ">" : "";

    private static Cell Number(TrialSummary trial) => new(trial.Number, $"#{trial.Number}");

    private static string Epoch(RunningTrial running)
    {
        var attempt = running.Attempt > 1 ? $" (attempt {running.Attempt})" : "";
        return running.Progress is { } progress
            ? progress.Epochs > 0 ? $"{progress.Epoch}/{progress.Epochs}{attempt}" : $"{progress.Epoch}{attempt}"
            : running.Trial.Epoch is { } best ? $"{best}{attempt}" : $"starts{attempt}";
    }

    private static double Done(TrialProgress? progress) => progress is null || progress.Epochs < 1 ? 0
        : (progress.Epoch - 1 + (progress.Batches > 0 ? (double)progress.Batch / progress.Batches : 0)) / progress.Epochs;

    private static string Left(TrialProgress? progress) =>
        progress?.SecondsLeft is { } seconds ? SweepText.Duration(TimeSpan.FromSeconds(seconds)) : "";
}
