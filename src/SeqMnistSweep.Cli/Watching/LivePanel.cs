using System.Globalization;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Grains;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SeqMnistSweep.Cli.Watching;

/// <summary>The live view on a terminal: head line, best so far, a bar per running trial, the last events. Never taller than the screen.</summary>
/// <param name="leaving">What Ctrl-C does, for the last line.</param>
/// <param name="width">Columns of the terminal now, for windows are resized; null when they do not change.</param>
internal sealed class LivePanel(IAnsiConsole console, SweepText text, TimeProvider time, Func<int?> width, string leaving) : ISweepView
{
    private const int BarWidth = 16;
    private const int EventLines = 3;

    private readonly List<StatusEvent> _events = [];

    public async Task ShowAsync(Func<Action<SweepStatus>, Task> watch) =>
        await console.Live(new Text("starting ...")).AutoClear(true).StartAsync(live => watch(status => live.UpdateTarget(Render(status))));

    internal IRenderable Render(SweepStatus status)
    {
        console.Profile.Width = width() ?? console.Profile.Width;
        _events.AddRange(status.Events);
        _events.RemoveRange(0, Math.Max(0, _events.Count - EventLines));

        var lines = new List<IRenderable>
        {
            Fit(SweepText.Headline(status, time.GetUtcNow()), "bold"),
            Fit(text.Best(status), "green"),
        };
        var room = Math.Max(1, console.Profile.Height - EventLines - 5);
        lines.AddRange(status.Running.Take(room).Select(Row));
        if (status.Running.Length > room)
        {
            lines.Add(Fit($"... and {status.Running.Length - room} more running", "dim"));
        }

        lines.AddRange(_events.Select(e => Fit($"{e.Time:HH:mm:ss} {(e.Trial is { } trial ? $"trial {trial} " : "")}{(e.To is { } to ? $"{to}: " : "")}{e.Text}", "dim")));
        lines.Add(Fit(leaving, "dim"));
        return new Rows(lines);
    }

    private IRenderable Row(RunningTrial running)
    {
        var name = $"#{running.Trial.Number} {text.Parameters(running.Trial.Parameters, running.Trial.Seed, false)}";
        if (running.Progress is not { } progress)
        {
            return Fit($"{Bar(0)} {name}  starting{(running.Attempt > 1 ? $", attempt {running.Attempt}" : "")}", "");
        }

        var done = (progress.Epoch - 1 + (progress.Batches > 0 ? (double)progress.Batch / progress.Batches : 0)) / Math.Max(progress.Epochs, 1);
        var left = progress.SecondsLeft is { } seconds ? $"  ETA {SweepText.Duration(TimeSpan.FromSeconds(seconds))}" : "";
        return Fit(
            string.Create(CultureInfo.InvariantCulture, $"{Bar(done)} epoch {progress.Epoch}/{progress.Epochs} batch {progress.Batch}/{progress.Batches} loss {progress.Loss:0.000} {progress.BatchesPerSecond:0.0}/s{left}  {name}"),
            "");
    }

    private string Bar(double share)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        var (on, off) = console.Profile.Capabilities.Unicode ? ('█', '░') : ('#', '.');
        return new string(on, full) + new string(off, BarWidth - full);
    }

    /// <summary>One line, cut at the right edge: a line that wraps would move everything below it.</summary>
    private Markup Fit(string line, string style)
    {
        var room = Math.Max(20, console.Profile.Width - 1);
        var plain = TableOutput.Plain(line);
        var shown = Markup.Escape(plain.Length <= room ? plain : plain[..(room - 1)] + (console.Profile.Capabilities.Unicode ? "…" : "~"));
        return new Markup(style.Length > 0 ? $"[{style}]{shown}[/]" : shown);
    }
}
