using Spectre.Console;
using Spectre.Console.Rendering;

namespace SeqMnistSweep.Cli.Watching;

/// <summary>The live view on a terminal: headline, best, a bar per running trial, last events. Never taller than the screen.</summary>
/// <param name="leaving">What Ctrl-C does, for the last line.</param>
/// <param name="width">Columns of the terminal now, for windows are resized; null when they do not change.</param>
internal sealed class LivePanel(IAnsiConsole console, SweepText text, TimeProvider time, Func<int?> width, string leaving) : ISweepView
{
    private const int BarWidth = 16;
    private const int EventLines = 3;

    /// <summary>A terminal echoes Ctrl-C at the end of the last line; were that full, everything would move down.</summary>
    private const int EchoWidth = 2;

    private readonly int _width = console.Profile.Width;
    private readonly List<StatusEvent> _events = [];
    private readonly Lock _gate = new();
    private LiveDisplayContext? _live;
    private SweepStatus? _last;
    private string? _said;

    public async Task ShowAsync(Func<Action<SweepStatus>, Task> watch) =>
        await console.Live(new Text("starting ...")).AutoClear(true).StartAsync(async live =>
        {
            _live = live;
            await watch(Show);
            _live = null;
        });

    /// <summary>In the panel while there is one: below it, it would be overwritten.</summary>
    public void Say(string message)
    {
        lock (_gate)
        {
            _said = TableOutput.Plain(message);
            if (_live is { } live && _last is { } status)
            {
                live.UpdateTarget(Render(status with { Events = [] }));
            }
            else
            {
                console.Profile.Out.Writer.WriteLine(_said);
            }
        }
    }

    internal IRenderable Render(SweepStatus status)
    {
        console.Profile.Width = (width() ?? _width) - EchoWidth;
        _events.AddRange(status.Events.Where(SweepText.IsForPeople));
        _events.RemoveRange(0, Math.Max(0, _events.Count - EventLines));

        var lines = new List<IRenderable>
        {
            Fit(SweepText.Headline(status, time.GetUtcNow()), "bold"),
            Fit(text.Best(status), "green"),
        };
        var room = Math.Max(1, console.Profile.Height - EventLines - 6);
        lines.AddRange(status.Running.Take(room).Select(Row));
        var more = Math.Max(status.Active, status.Running.Length) - Math.Min(status.Running.Length, room);
        if (more > 0)
        {
            lines.Add(Fit($"... and {more} more running", "dim"));
        }

        lines.AddRange(
            _events.Select(
                e => Fit(
                    $"{e.Time.ToLocalTime():HH:mm:ss} {(e.Trial is { } trial ? $"trial {trial} " : "")}"
                        + $"{(e.To is { } to ? $"{to}: " : "")}{e.Text}",
                    "dim")));
        if (_said is { } said)
        {
            lines.Add(Fit(said, "yellow"));
        }

        lines.Add(Fit(leaving, "dim"));
        return new Rows(lines);
    }

    private void Show(SweepStatus status)
    {
        lock (_gate)
        {
            _last = status;
            _live?.UpdateTarget(Render(status));
        }
    }

    private IRenderable Row(RunningTrial running)
    {
        var name = $"#{running.Trial.Number} {text.Parameters(running.Trial.Parameters, running.Trial.Seed, false)}";
        if (running.Progress is not { } progress)
        {
            return Fit($"{Bar(0)} {name}  starting{(running.Attempt > 1 ? $", attempt {running.Attempt}" : "")}", "");
        }

        var done = (progress.Epoch - 1 + (progress.Batches > 0 ? (double)progress.Batch / progress.Batches : 0)) / Math.Max(
            progress.Epochs, 1);
        var left = progress.SecondsLeft is { } seconds ? $"  ETA {SweepText.Duration(TimeSpan.FromSeconds(seconds))}" : "";
        return Fit(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Bar(done)} epoch {progress.Epoch}/{progress.Epochs} batch {progress.Batch}/{progress.Batches} loss "
                    + $"{progress.Loss:0.000} {progress.BatchesPerSecond:0.0}/s{left}  {name}"),
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
        var cut = console.Profile.Capabilities.Unicode ? "…" : "~";
        var shown = Markup.Escape(plain.Length <= room ? plain : plain[..(room - 1)] + cut);
        return new Markup(style.Length > 0 ? $"[{style}]{shown}[/]" : shown);
    }
}
