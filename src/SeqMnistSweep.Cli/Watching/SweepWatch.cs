namespace SeqMnistSweep.Cli.Watching;

/// <summary>Asks a sweep for its status until it has ended.</summary>
/// <param name="ask">Takes the number after which events are wanted.</param>
/// <param name="act">Steers the sweep.</param>
/// <param name="trouble">Why the head can store nothing at the moment; null when it can.</param>
internal sealed class SweepWatch(Func<long, Task<SweepStatus>> ask, SweepAct act, TimeProvider time, Func<string?> trouble)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a sweep that does not answer is asked again, while there is no trouble that would explain it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public SweepWatch(ISweepGrain sweep, TimeProvider time, Func<string?> trouble)
        : this(after => sweep.GetStatus(after, CancellationToken.None), call => call(sweep), time, trouble)
    {
    }

    /// <param name="afterEvent">Earlier events are not shown.</param>
    /// <returns>The last status; not final when <paramref name="cancellation"/> came first.</returns>
    public async Task<SweepStatus> UntilEndAsync(ISweepView view, long afterEvent, CancellationToken cancellation)
    {
        SweepStatus status = null!;
        await view.ShowAsync(async show =>
        {
            var seen = afterEvent;
            var heard = time.GetTimestamp();
            string? told = null;
            while (true)
            {
                var more = false;
                try
                {
                    status = await ask(seen);
                    heard = time.GetTimestamp();
                    seen = status.Events.IsEmpty ? seen : status.Events[^1].Number;
                    more = seen < status.LastEvent;
                    show(status);
                }
                catch (Exception error) when (
                    error is not SweepRefusedException and not CommandError && status is not null
                        && (trouble() is not null || time.GetElapsedTime(heard) < Patience))
                {
                    // It reads its schedule again from the database, or waits for the disk.
                }

                if (cancellation.IsCancellationRequested || (status!.State.IsFinal() && !more)) return;

                if (more) continue;

                if (trouble() is var now && now != told)
                {
                    view.Say(
                        now is null
                            ? "the database can be written again"
                            : $"nothing can be stored: {now}; running trials go on and are stored once it can");
                    told = now;
                }

                await Task.Delay(Every, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }, act, cancellation);
        return status;
    }
}

/// <summary>Asks something of the sweep that is watched.</summary>
internal delegate Task SweepAct(Func<ISweepGrain, Task> call);

/// <summary>Shows a sweep under way: a panel that is redrawn on a terminal, plain lines elsewhere.</summary>
internal interface ISweepView
{
    /// <summary>Shows what <paramref name="watch"/> hands over, until it ends.</summary>
    /// <param name="act">For a person who presses a key.</param>
    /// <param name="leave">Ends a view that fills the screen at once.</param>
    Task ShowAsync(Func<Action<SweepStatus>, Task> watch, SweepAct act, CancellationToken leave);

    /// <summary>A message to the person, where it does not spoil what is shown.</summary>
    void Say(string message);
}
