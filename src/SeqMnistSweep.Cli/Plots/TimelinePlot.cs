using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Plots;

/// <summary>An attempt that started.</summary>
/// <param name="Ended">Null for one that runs.</param>
/// <param name="Outcome">Null for one that runs.</param>
internal sealed record PlottedAttempt(
    string Worker, int Number, long Attempt, DateTimeOffset Started, DateTimeOffset? Ended, string? Outcome);

/// <summary>What each worker ran when: a line for each attempt, those at the same time one above the other.</summary>
internal static class TimelinePlot
{
    private const int MostLanes = 40;

    public static Plot Of(string sweep, IReadOnlyList<PlottedAttempt> attempts, DateTimeOffset now)
    {
        if (attempts.Count == 0) throw new CommandError(ExitCodes.NotFinished, $"no trial of {sweep} has started yet");

        var table = TableOutput.Of(
            ["worker", "number", "attempt", "started", "ended", "outcome"], attempts,
            one =>
            [
                one.Worker, one.Number, one.Attempt, Timestamp.Format(one.Started), one.Ended is { } end ? Timestamp.Format(end) : null,
                one.Outcome,
            ]);
        return new Plot(table, (writer, profile) => Draw(sweep, attempts, now, writer, profile));
    }

    private static void Draw(
        string sweep, IReadOnlyList<PlottedAttempt> attempts, DateTimeOffset now, TextWriter writer, ConsoleProfile profile)
    {
        var (from, to) = (attempts.Min(one => one.Started), attempts.Max(one => one.Ended ?? now));
        var span = Math.Max((to - from).TotalSeconds, 0.001);
        var lanes = attempts.GroupBy(one => one.Worker).OrderBy(worker => worker.Key, StringComparer.Ordinal)
            .SelectMany(worker => Lanes(worker).Select((lane, i) => (Name: i == 0 ? worker.Key : "", Attempts: lane))).ToList();
        var workers = attempts.Select(one => one.Worker).Distinct().Count();
        writer.WriteLine(profile.Bold(TableOutput.Plain(
            $"{Counted(attempts.Count, "attempt")} of {sweep} on {Counted(workers, "worker")}, {SweepText.Duration(TimeSpan.FromSeconds(span))}")));
        var margin = Math.Clamp(lanes.Max(lane => lane.Name.Length), 1, 20);
        var width = Math.Max(20, (profile.Width ?? 80) - margin - 3);
        foreach (var (name, own) in lanes.Take(MostLanes))
        {
            var shown = TableOutput.Plain(name);
            writer.WriteLine(
                $"{shown[..Math.Min(shown.Length, margin)].PadRight(margin)} {(profile.Unicode ? '│' : '|')}"
                    + Line(own, one => (one - from).TotalSeconds / span, now, width, profile).TrimEnd());
        }

        if (lanes.Count > MostLanes)
        {
            writer.WriteLine($"{lanes.Count - MostLanes} more lines");
        }
    }

    /// <summary>Attempts that do not overlap share a line.</summary>
    private static List<List<PlottedAttempt>> Lanes(IEnumerable<PlottedAttempt> attempts)
    {
        var lanes = new List<List<PlottedAttempt>>();
        foreach (var attempt in attempts.OrderBy(one => one.Started).ThenBy(one => one.Number))
        {
            var free = lanes.Find(lane => lane[^1].Ended is { } end && end <= attempt.Started);
            if (free is null)
            {
                lanes.Add(free = []);
            }

            free.Add(attempt);
        }

        return lanes;
    }

    /// <summary>The trial's number where there is room for it, the end of each attempt as how it ended.</summary>
    private static string Line(
        List<PlottedAttempt> attempts, Func<DateTimeOffset, double> at, DateTimeOffset now, int width, ConsoleProfile profile)
    {
        var line = new string(' ', width).ToCharArray();
        foreach (var attempt in attempts)
        {
            var start = Math.Clamp((int)(at(attempt.Started) * width), 0, width - 1);
            var end = Math.Clamp((int)Math.Ceiling(at(attempt.Ended ?? now) * width), start + 1, width);
            line.AsSpan(start, end - start).Fill(Mark(attempt.Outcome, profile.Unicode));
            var number = attempt.Number.ToString(CultureInfo.InvariantCulture);
            if (number.Length + 2 <= end - start)
            {
                number.CopyTo(0, line, start + 1, number.Length);
            }
        }

        return new string(line);
    }

    private static char Mark(string? outcome, bool unicode) => outcome switch
    {
        null or "completed" => unicode ? '█' : '#',
        "pruned" or "paused" => unicode ? '▒' : '=',
        _ => unicode ? '░' : '-',
    };

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
