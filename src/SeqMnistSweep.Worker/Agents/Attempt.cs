using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>One granted attempt from its start to its last word, which it always says.</summary>
internal abstract class Attempt(TrialGrant grant, WorkerOptions options, Action<AttemptEvent> tell)
{
    /// <summary>What an attempt may tell: as many epochs as a trial can have, each with a checkpoint. They stay in memory until the head has them.</summary>
    public const int MostWords = 2 * EpochReport.MaxEpoch;

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

    /// <summary>Takes in what the trial says. JSON may lack what a record demands; such an event is passed over.</summary>
    /// <returns>True when it was the last word.</returns>
    protected bool Hear(AttemptEvent said)
    {
        if (said is AttemptEvent.Reported or AttemptEvent.Checkpointed or AttemptEvent.Described && ++_words > MostWords)
        {
            said = new AttemptEvent.Failed(
                FailureCause.Crashed, $"it reported more than {MostWords} times: no trial has as many epochs and checkpoints");
        }

        switch (said)
        {
            case AttemptEvent.Described { Facts: null } or AttemptEvent.Reported { Metrics: null } or AttemptEvent.Checkpointed { Checkpoint: null }:
                return false;
            case AttemptEvent.Progressed(var progress):
                _progress = progress;
                return false;
            case AttemptEvent.Started:
                tell(new AttemptEvent.Started(options.Device));
                return false;
            case AttemptEvent.Released:
                tell(new AttemptEvent.Released("drained"));
                return true;
            case AttemptEvent.Failed { Message: null } failed:
                tell(failed with { Message = "it gave no reason" });
                return true;
            default:
                tell(said);
                return said.EndsAttempt;
        }
    }

    /// <summary>What an attempt that ran past its time is told to have done.</summary>
    protected AttemptEvent TimedOut() => new AttemptEvent.Failed(FailureCause.Timeout, $"trial_time ({grant.TrialTime?.TotalSeconds:0.###} s) passed");
}
