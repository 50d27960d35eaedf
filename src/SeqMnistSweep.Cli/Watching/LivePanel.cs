namespace SeqMnistSweep.Cli.Watching;

/// <summary>The live view of a sweep on a terminal, with keys that steer it.</summary>
/// <param name="space">Null for a sweep whose file this program does not understand.</param>
/// <param name="results">Where a trial is read that somebody looks at.</param>
/// <param name="say">Writes a line once the screen is left.</param>
/// <param name="leaving">What Ctrl-C does, for the last line.</param>
/// <param name="quit">Leaves the view while the sweep goes on; null where that would end it.</param>
internal sealed class LivePanel(
    Screen screen, SearchSpace? space, ResultSource results, Action<string> say, string leaving, Action? quit)
    : ISweepView
{
    /// <summary>More than any screen has room for.</summary>
    private const int MaxEvents = 200;

    private const string StopQuestion =
        "stop the sweep? running trials go on, no new one starts, and it cannot be resumed   y yes   any other key no";

    private readonly Lock _gate = new();
    private readonly SweepScreen _sweep = new(space, screen.Unicode);
    private readonly List<StatusEvent> _events = [];
    private readonly List<string> _said = [];
    private readonly List<string> _before = [];
    private bool _isOpen;
    private SweepStatus? _status;
    private SweepAct? _act;
    private int? _chosen;
    private bool _asksStop;
    private (int Number, TrialRow? Trial, IReadOnlyList<ReportRow> Reports)? _looked;

    public async Task ShowAsync(Func<Action<SweepStatus>, Task> watch, SweepAct act, CancellationToken leave)
    {
        (_act, _isOpen) = (act, true);
        try
        {
            await screen.ShowAsync(() => watch(Show), PressAsync, Draw, leave);
        }
        finally
        {
            lock (_gate)
            {
                _isOpen = false;
                _said.ForEach(say);
                _said.Clear();
            }
        }
    }

    /// <summary>In the panel while there is one, and below it once it is left. What was said before it was opened, such as a link, is in it
    /// too.</summary>
    public void Say(string message)
    {
        lock (_gate)
        {
            if (!_isOpen)
            {
                say(message);
                _before.Add(message);
                return;
            }

            _said.Add(message);
        }

        Draw();
    }

    private void Show(SweepStatus status)
    {
        lock (_gate)
        {
            _status = status;
            _events.AddRange(status.Events.Where(happened => !happened.IsRoutine));
            _events.RemoveRange(0, Math.Max(0, _events.Count - MaxEvents));
        }

        Draw();
        if (_looked is { Number: var number })
        {
            _ = LookAsync(number, again: true);
        }
    }

    private void Draw() => screen.Draw((width, height) =>
    {
        lock (_gate)
        {
            return _status is not { } status ? [new Line("starting ...")]
                : _looked is { } looked ? new TrialScreen(status.Metric, screen.Unicode).Lines(
                    looked.Number, looked.Trial, looked.Reports, (width, height), Foot("up/down another trial   esc back"))
                : _sweep.Lines(status, _events, _chosen, (width, height), Foot(Keys(status)));
        }
    });

    private List<Line> Foot(string keys) =>
    [
        .. _before.Select(line => new Line(line, "dim")),
        .. _said.Count > 0 ? [new Line(_said[^1], "yellow")] : Array.Empty<Line>(),
        _asksStop ? new Line(StopQuestion, "yellow") : new Line(screen.HasKeys ? $"{keys}   {leaving}" : leaving, "dim"),
    ];

    private string Keys(SweepStatus status) => status.State.IsFinal() ? ""
        : $"p {(status.State == SweepState.Paused ? "resume" : "pause")}   s stop   up/down choose   enter look at a trial"
            + $"{(quit is null ? "" : "   q leave")}";

    private async Task PressAsync(ConsoleKeyInfo key)
    {
        if (_asksStop)
        {
            _asksStop = false;
            if (key.Key == ConsoleKey.Y)
            {
                await ActAsync("stop", (sweep, action) => sweep.Stop(action));
            }
        }
        else if (_looked is { } looked)
        {
            await PressOnTrialAsync(key.Key, looked.Number);
        }
        else
        {
            await PressOnSweepAsync(key.Key);
        }

        Draw();
    }

    private Task PressOnTrialAsync(ConsoleKey key, int number)
    {
        switch (key)
        {
            case ConsoleKey.Escape or ConsoleKey.Backspace or ConsoleKey.Q: _looked = null; break;
            case ConsoleKey.UpArrow or ConsoleKey.K: return LookAsync(number - 1);
            case ConsoleKey.DownArrow or ConsoleKey.J: return LookAsync(number + 1);
        }

        return Task.CompletedTask;
    }

    private async Task PressOnSweepAsync(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.P when _status?.State == SweepState.Paused:
                await ActAsync("resume", (sweep, action) => sweep.Resume(action));
                break;
            case ConsoleKey.P: await ActAsync("pause", (sweep, action) => sweep.Pause(action)); break;
            case ConsoleKey.S: _asksStop = _status?.State.IsFinal() == false; break;
            case ConsoleKey.UpArrow or ConsoleKey.K: Choose(-1); break;
            case ConsoleKey.DownArrow or ConsoleKey.J: Choose(1); break;
            case ConsoleKey.Enter when _chosen is { } number: await LookAsync(number); break;
            case ConsoleKey.Escape: _chosen = null; break;
            case ConsoleKey.Q: quit?.Invoke(); break;
        }
    }

    private void Choose(int step)
    {
        if (_status is not { } status || SweepScreen.Choices(status) is not { Count: > 0 } choices) return;

        var at = _chosen is { } chosen ? choices.ToList().IndexOf(chosen) : -1;
        _chosen = choices[at < 0 ? (step > 0 ? 0 : choices.Count - 1) : Math.Clamp(at + step, 0, choices.Count - 1)];
    }

    private async Task ActAsync(string verb, Func<ISweepGrain, SweepAction, Task> call)
    {
        try
        {
            await _act!(sweep => call(sweep, new SweepAction(HeadSession.By, $"{verb} in the live view")));
        }
        catch (Exception error) when (error is SweepRefusedException or CommandError or TimeoutException)
        {
            Say($"{verb}: {error.Message}");
        }
    }

    /// <summary>Reads a trial for its screen; one that does not exist leaves what is there.</summary>
    /// <param name="again">Whether it is read anew: somebody may look at another one by now.</param>
    private async Task LookAsync(int number, bool again = false)
    {
        try
        {
            var id = new TrialId(_status!.Sweep, number);
            if (number < 1 || await results.TrialAsync(id, CancellationToken.None) is not { } trial) return;

            var reports = await results.ReportsAsync(id, CancellationToken.None);
            if (!again || _looked?.Number == number)
            {
                _looked = (number, trial, reports);
            }
        }
        catch (Exception error) when (error is CommandError or Results.DatabaseException)
        {
            Say(error.Message);
        }
    }
}
