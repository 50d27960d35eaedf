using System.Threading.Channels;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Slots;

/// <summary>A test function, run in this process on its slot's thread: plain managed code that can neither abort the process nor leak, and
/// a process and a protocol would cost a thousand times what it does.</summary>
internal sealed class FunctionRun
{
    private readonly Channel<AttemptEvent> _events =
        Channel.CreateUnbounded<AttemptEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly TrialGrant _grant;
    private readonly TimeProvider _time;
    private readonly RunnerSession _session;
    private volatile bool _isOverdue;

    public FunctionRun(TrialGrant grant, TimeProvider time)
    {
        (_grant, _time) = (grant, time);
        _session = new RunnerSession(grant.Rungs, happened => _events.Writer.TryWrite(happened));
    }

    /// <summary>In order; the last one comes by <see cref="End"/>.</summary>
    public ChannelReader<AttemptEvent> Events => _events.Reader;

    /// <summary>Whether a trial runs here rather than in a process.</summary>
    public static bool Takes(TrialGrant grant, WorkerOptions options) => !options.Isolate && TestFunctions.Find(grant.Program) is not null;

    public void Send(RunnerCommand command) => _session.Take(command);

    /// <summary>Runs to the end on the calling thread; never throws.</summary>
    /// <returns>The attempt's last event.</returns>
    public AttemptEvent Run()
    {
        using var limit = _grant.TrialTime is { } allowed && allowed <= Timers.Max
            ? _time.CreateTimer(_ => TimeOut(), null, allowed, Timeout.InfiniteTimeSpan)
            : null;
        var last = _session.Run(new TestFunctionTrainable(_time), _grant, TextWriter.Null);
        return _isOverdue ? Timers.Overdue(_grant) : last;
    }

    public void End(AttemptEvent last) => _events.Writer.TryWrite(last);

    private void TimeOut()
    {
        _isOverdue = true;
        _session.Take(new RunnerCommand.Stop());
    }
}

/// <summary>How long a trial may take.</summary>
internal static class Timers
{
    /// <summary>Timers reach no further; 49 days.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static AttemptEvent Overdue(TrialGrant grant) =>
        new AttemptEvent.Failed(FailureCause.Timeout, $"trial_time ({grant.TrialTime?.TotalSeconds:0.###} s) passed");
}
