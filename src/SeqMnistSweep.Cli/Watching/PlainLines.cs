namespace SeqMnistSweep.Cli.Watching;

/// <summary>One line per change of state and per finished epoch, and a summary a minute: for pipes, log files and dumb terminals.</summary>
internal sealed class PlainLines(TextWriter output, SweepText text, TimeProvider time) : ISweepView
{
    private static readonly TimeSpan SummaryEvery = TimeSpan.FromMinutes(1);

    private readonly Dictionary<int, int> _epochs = [];
    private DateTimeOffset? _lastSummary;

    public Task ShowAsync(Func<Action<SweepStatus>, Task> watch, SweepAct act, CancellationToken leave) => watch(Show);

    public void Say(string message) => output.WriteLine(TableOutput.Plain(message));

    private void Show(SweepStatus status)
    {
        var now = time.GetUtcNow();
        foreach (var happened in status.Events.Where(happened => !happened.IsRoutine))
        {
            output.WriteLine(TableOutput.Plain(SweepText.Event(happened)));
        }

        foreach (var running in status.Running)
        {
            if (running.Progress is { } progress && _epochs.GetValueOrDefault(running.Trial.Number) is var seen && progress.Epoch > seen)
            {
                _epochs[running.Trial.Number] = progress.Epoch;
                if (seen > 0)
                {
                    var best = Cell.Metric(status.Metric, running.Trial.Value).Text;
                    output.WriteLine(SweepText.At(
                        now, running.Trial.Number,
                        $"epoch {progress.Epoch - 1}/{progress.Epochs} done{(best.Length > 0 ? $", best {status.Metric} {best}" : "")}"));
                }
            }
        }

        _lastSummary ??= now;
        if (now - _lastSummary >= SummaryEvery)
        {
            _lastSummary = now;
            output.WriteLine(TableOutput.Plain($"{SweepText.Headline(status)}; {text.Best(status)}"));
        }
    }
}
