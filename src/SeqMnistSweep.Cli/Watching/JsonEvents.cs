using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Watching;

/// <summary>The sweep's events for programs: an object a line with <c>seq</c>, <c>time</c>, <c>sweep</c>, <c>type</c>.</summary>
internal sealed class JsonEvents(TextWriter output, TimeProvider time, Action<string> talk) : ISweepView
{
    private (int Trial, double? Value)? _best;

    public Task ShowAsync(Func<Action<SweepStatus>, Task> watch, SweepAct act, CancellationToken leave) => watch(Show);

    public void Say(string message) => talk(message);

    private void Show(SweepStatus status)
    {
        foreach (var happened in status.Events)
        {
            Write(new JsonObject
            {
                ["seq"] = happened.Number,
                ["time"] = Format(happened.Time),
                ["sweep"] = status.Sweep.Value,
                ["type"] = happened.Trial is null ? $"sweep.{happened.To ?? happened.Kind}" : $"trial.{happened.To ?? happened.Kind}",
                ["trial"] = happened.Trial,
                ["reason"] = happened.Text,
            });
        }

        if (status.Best is { Value: not null } best && _best != (best.Number, best.Value))
        {
            _best = (best.Number, best.Value);
            Write(new JsonObject
            {
                ["seq"] = status.Events.IsEmpty ? status.LastEvent : status.Events[^1].Number,
                ["time"] = Format(time.GetUtcNow()),
                ["sweep"] = status.Sweep.Value,
                ["type"] = "best",
                ["trial"] = best.Number,
                ["metric"] = status.Metric,
                ["value"] = TableOutput.ToJson(best.Value),
                ["epoch"] = best.Epoch,
                ["params"] = JsonNode.Parse(best.Parameters.ToJson()),
            });
        }

        output.Flush();
    }

    private static string Format(DateTimeOffset when) =>
        Timestamp.Format(when);

    private void Write(JsonObject json) => output.WriteLine(TableOutput.ToText(json, indented: false));
}
