using System.Diagnostics;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>One granted attempt from its start to its last word, which it always says.</summary>
internal abstract class Attempt(TrialGrant grant, WorkerOptions options, Action<AttemptEvent> tell)
{
    /// <summary>What an attempt may tell: as many epochs as a trial can have, each with a checkpoint. They stay in memory until the head has them.</summary>
    public const int MostWords = 2 * SweepSchedule.MaxEpoch;

    private volatile TrialProgress? _progress;
    private int _words;

    public TrialGrant Grant => grant;

    public TrialProgress? Progress => _progress;

    /// <summary>Asks for a checkpoint and the slot.</summary>
    public abstract void Drain();

    /// <summary>Gives on the verdict of a rung.</summary>
    public abstract void Decide(int epoch, Verdict verdict);

    /// <summary>Ends the attempt: the trial is no longer this worker's.</summary>
    public abstract void Drop(string reason);

    protected WorkerOptions Options => options;

    protected void Tell(AttemptEvent happened) => tell(happened);

    /// <summary>Makes an event of what the trial says.</summary>
    /// <returns>True when it was the last word.</returns>
    protected bool Hear(RunnerMessage message)
    {
        if (message is RunnerMessage.Reported or RunnerMessage.Checkpointed or RunnerMessage.Described && ++_words > MostWords)
        {
            tell(new AttemptEvent.Failed(FailureCause.Crashed, $"it reported more than {MostWords} times: no trial has as many epochs and checkpoints"));
            return true;
        }

        switch (message)
        {
            case RunnerMessage.Ready:

            // JSON may lack what the record demands.
            case RunnerMessage.Described { Facts: null } or RunnerMessage.Reported { Metrics: null } or RunnerMessage.Checkpointed { Checkpoint: null }:
                return false;
            case RunnerMessage.Started:
                tell(new AttemptEvent.Started(options.Device));
                return false;
            case RunnerMessage.Described(var facts):
                tell(new AttemptEvent.Described(facts));
                return false;
            case RunnerMessage.Progressed(var progress):
                _progress = progress;
                return false;
            case RunnerMessage.Reported(var epoch, var metrics, var finished):
                tell(new AttemptEvent.Reported(new EpochReport(epoch, metrics), finished));
                return false;
            case RunnerMessage.Checkpointed(var checkpoint):
                tell(new AttemptEvent.Checkpointed(checkpoint));
                return false;
            case RunnerMessage.Done(var loss, var accuracy):
                tell(new AttemptEvent.Completed(loss, accuracy));
                return true;
            case RunnerMessage.Stopped:
                tell(new AttemptEvent.Stopped());
                return true;
            case RunnerMessage.Released:
                tell(new AttemptEvent.Released("drained"));
                return true;
            case RunnerMessage.Failed(var cause, var text):
                tell(new AttemptEvent.Failed(cause, text ?? "it gave no reason")); // JSON may lack what the record demands
                return true;
            default:
                throw new UnreachableException($"unknown message {message.GetType().Name}");
        }
    }

    /// <summary>What an attempt that ran past its time is told to have done.</summary>
    protected AttemptEvent TimedOut() => new AttemptEvent.Failed(FailureCause.Timeout, $"trial_time ({grant.TrialTime?.TotalSeconds:0.###} s) passed");
}
