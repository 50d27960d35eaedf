namespace SeqMnistSweep.Trainables;

/// <summary>What a trial runs. Runs one attempt on the calling thread and returns when it has ended.</summary>
public interface ITrainable
{
    /// <remarks>Exceptions mean a crash; expected failures are <see cref="TrialResult.Failed"/>.</remarks>
    TrialResult Run(TrialAssignment assignment, ITrialSession session);
}

/// <summary>The conversation of a running trial with its schedule. Called on the training thread only.</summary>
public interface ITrialSession
{
    /// <summary>What was asked of the trial from outside; looked at between two batches.</summary>
    TrialRequest Requested { get; }

    /// <summary>Says, before the first batch, what is trained: <c>parameters</c>, <c>receptive_field</c>, <c>kernels</c>, ...; said again,
    /// it takes the place of what was said before.</summary>
    void Describe(ImmutableSortedDictionary<string, string> facts);

    /// <summary>Says how far the trial is; only the newest word counts, and any may be lost.</summary>
    void Progress(TrialProgress progress);

    /// <summary>Hands over a finished epoch. The checkpoint, when there is one, is on disk already. Waits for the verdict at a rung;
    /// elsewhere answers Continue at once.</summary>
    Verdict Report(EpochReport report, CheckpointFile? checkpoint);

    /// <summary>Waits this long, and returns at once when something is requested, before or meanwhile.</summary>
    void Wait(TimeSpan time);
}

/// <summary>What somebody outside wants of a running trial.</summary>
public enum TrialRequest
{
    /// <summary>Go on.</summary>
    None,

    /// <summary>Write a checkpoint at the next batch and return <see cref="TrialResult.Released"/>.</summary>
    Drain,

    /// <summary>Return <see cref="TrialResult.Stopped"/> at the next batch.</summary>
    Stop,
}

/// <param name="Epoch">The epoch being trained, counted from 1.</param>
/// <param name="Batch">Batches done in it.</param>
/// <param name="Loss">Mean training loss of this epoch so far.</param>
/// <param name="BatchesPerSecond">Over the last seconds; 0 when unknown.</param>
/// <param name="SecondsLeft">Until the trial's last epoch is done, evaluation included; null when unknown.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.TrialProgress")]
public sealed record TrialProgress([property: Id(0)] int Epoch, [property: Id(1)] int Epochs, [property: Id(2)] int Batch,
    [property: Id(3)] int Batches, [property: Id(4)] double Loss, [property: Id(5)] double BatchesPerSecond,
    [property: Id(6)] double? SecondsLeft);

/// <summary>How an attempt ended: one of the nested records, no other.</summary>
public abstract record TrialResult
{
    private TrialResult()
    {
    }

    /// <summary>The last epoch is done. Test metrics are those of the best checkpoint, null without a test set.</summary>
    public sealed record Completed(double? TestLoss, double? TestAccuracy) : TrialResult;

    /// <summary>Ended early by a verdict or a request.</summary>
    public sealed record Stopped : TrialResult;

    /// <summary>Gave its slot back on request; goes on from the checkpoint, or from the last reported epoch when null.</summary>
    public sealed record Released(CheckpointFile? Checkpoint) : TrialResult;

    /// <summary>Did not reach its end by its own fault, or cannot.</summary>
    public sealed record Failed(FailureCause Cause, string Message) : TrialResult;
}
