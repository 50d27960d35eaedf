using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>
/// An attempt of a test function, run in this process on its slot's thread: it is plain managed code that can neither abort the process
/// nor leak, and a process and a protocol would cost a thousand times what it does.
/// </summary>
internal sealed class FunctionAttempt : Attempt
{
    private readonly RunnerSession _session;
    private volatile bool _timedOut;

    public FunctionAttempt(TrialGrant grant, WorkerOptions options, Action<AttemptEvent> tell)
        : base(grant, options, tell)
    {
        _session = new RunnerSession(grant.Rungs, message => Hear(message));
    }

    public override void Drain() => _session.Request(TrialRequest.Drain);

    public override void Decide(int epoch, Verdict verdict) => _session.Decide(new RunnerCommand.Decide(epoch, verdict));

    public override void Drop(string reason) => _session.Request(TrialRequest.Stop);

    /// <summary>Runs to the end on the calling thread; never throws.</summary>
    public void Run(TimeProvider time)
    {
        using var limit = Grant.TrialTime is { } allowed && allowed <= Timers.Longest ? time.CreateTimer(_ => TimeOut(), null, allowed, Timeout.InfiniteTimeSpan) : null;
        var last = _session.Run(new TestFunctionTrainable(time), Grant with { Device = Options.Device });
        Tell(_timedOut ? TimedOut() : last);
    }

    private void TimeOut()
    {
        _timedOut = true;
        _session.Request(TrialRequest.Stop);
    }
}
