namespace SeqMnistSweep.Cli.Watching;

/// <summary>All sweeps and workers of a head on a terminal, until a sweep is chosen or the view is left.</summary>
/// <param name="where">The head, for the headline.</param>
/// <param name="act">Steers a sweep.</param>
internal sealed class FleetScreen(
    Screen screen, string where, Func<CancellationToken, Task<Fleet>> read, Func<SweepId, Func<ISweepGrain, Task>, Task> act,
    TimeProvider time)
{
    private const int BarWidth = 16;
    private const int Fixed = 6;
    private const string Keys = "up/down choose   enter watch the sweep   p pause or resume   q leave";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private Fleet? _fleet;
    private string? _chosen;
    private string? _said;
    private bool _isOpened;

    /// <returns>The sweep that somebody wants to watch; null when the view was left.</returns>
    public async Task<SweepId?> ChooseAsync(CancellationToken stop)
    {
        _isOpened = false;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await screen.ShowAsync(() => ReadAsync(over.Token), key => PressAsync(key.Key, over), Draw, stop);
        return _isOpened ? SweepId.Parse(_chosen!) : null;
    }

    internal static IReadOnlyList<Line> Lines(
        Fleet? fleet, string where, string? chosen, (int Width, int Height) size, bool unicode, Line foot)
    {
        if (fleet is null) return [new Line($"asking {where} ..."), foot];

        var busy = fleet.Workers.Sum(worker => worker.Running.Length);
        var slots = fleet.Workers.Where(worker => worker.State == WorkerState.Ready).Sum(worker => worker.Slots);
        var open = fleet.Sweeps.Count(sweep => !sweep.IsOver);
        var room = Math.Max(2, size.Height - Fixed);
        var forWorkers = Math.Min(fleet.Workers.Length, Math.Max(room / 2, room - fleet.Sweeps.Length));
        var forSweeps = Math.Min(fleet.Sweeps.Length, Math.Max(1, room - forWorkers));
        var at = fleet.Sweeps.ToList().FindIndex(sweep => sweep.Row.Sweep == chosen);
        var first = Math.Clamp(at - forSweeps + 1, 0, fleet.Sweeps.Length - forSweeps < 0 ? 0 : fleet.Sweeps.Length - forSweeps);
        var sweeps = Fleet.SweepTable(fleet.Sweeps.Skip(first).Take(forSweeps), sweep => sweep.Row.Planned is > 0 and var planned
            ? Bar.Of((double)sweep.Ended / planned, BarWidth, unicode)
            : "");
        var head = $"{where}  {Plural.Of(open, "open sweep")} of {fleet.Sweeps.Length}, {busy} of {Plural.Of(slots, "slot")} busy";
        List<Line> lines = [new Line(head, "bold"), Line.Empty];
        lines.AddRange(Line.Of(sweeps, size.Width - 1, unicode).Select(
            (line, i) => i > 0 && first + i - 1 == at ? new Line(line.Text, "invert") : line));
        lines.AddRange([Line.Empty, .. Line.Of(fleet.WorkerTable(fleet.Workers.Take(forWorkers)), size.Width - 1, unicode)]);
        return Line.Fill(lines, size.Height, [foot]);
    }

    private async Task ReadAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                _fleet = await read(over);
                _chosen ??= _fleet.Sweeps.FirstOrDefault()?.Row.Sweep;
                _said = null;
            }
            catch (HeadUnreachable error)
            {
                _said = $"{error.Message}; waiting for it";
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }

            Draw();
            await Task.Delay(Every, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Draw() => screen.Draw((width, height) => Lines(
        _fleet, where, _chosen, (width, height), screen.Unicode,
        _said is { } said ? new Line(said, "yellow") : new Line(Keys, "dim")));

    private async Task PressAsync(ConsoleKey key, CancellationTokenSource over)
    {
        switch (key)
        {
            case ConsoleKey.UpArrow or ConsoleKey.K: Choose(-1); break;
            case ConsoleKey.DownArrow or ConsoleKey.J: Choose(1); break;
            case ConsoleKey.P when Chosen() is { IsOver: false } sweep: await PauseAsync(sweep.Row); break;
            case ConsoleKey.Enter when Chosen() is not null: _isOpened = true; await over.CancelAsync(); break;
            case ConsoleKey.Q or ConsoleKey.Escape: await over.CancelAsync(); break;
        }

        Draw();
    }

    private Fleet.Sweep? Chosen() => _fleet?.Sweeps.FirstOrDefault(sweep => sweep.Row.Sweep == _chosen);

    private void Choose(int step)
    {
        if (_fleet is not { Sweeps.IsEmpty: false } fleet) return;

        var at = fleet.Sweeps.ToList().FindIndex(sweep => sweep.Row.Sweep == _chosen);
        _chosen = fleet.Sweeps[Math.Clamp(at + step, 0, fleet.Sweeps.Length - 1)].Row.Sweep;
    }

    private async Task PauseAsync(SweepRow sweep)
    {
        var isPaused = StateNames.Parse<SweepState>(sweep.State) == SweepState.Paused;
        var action = new SweepAction(HeadSession.By, isPaused ? "resumed in seqsweep top" : "paused in seqsweep top");
        try
        {
            await act(SweepId.Parse(sweep.Sweep), grain => isPaused ? grain.Resume(action) : grain.Pause(action));
        }
        catch (Exception error) when (error is SweepRefusedException or CommandError or TimeoutException)
        {
            _said = error.Message;
        }
    }
}
