using System.Text.Json.Serialization;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Scheduling;

/// <summary>What happens to a running attempt: one of the nested records, no other. A runner says it to its worker as a line of JSON (the
/// cases with a name below), the worker sends it on to the head.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(Described), "described")]
[JsonDerivedType(typeof(Progressed), "progress")]
[JsonDerivedType(typeof(Reported), "report")]
[JsonDerivedType(typeof(Checkpointed), "checkpoint")]
[JsonDerivedType(typeof(Stepped), "step")]
[JsonDerivedType(typeof(Completed), "done")]
[JsonDerivedType(typeof(Stopped), "stopped")]
[JsonDerivedType(typeof(Released), "released")]
[JsonDerivedType(typeof(Failed), "failed")]
[GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent")]
public abstract record AttemptEvent
{
    private AttemptEvent()
    {
    }

    /// <summary>Whether this is the attempt's last word: its slot is free afterwards.</summary>
    public bool EndsAttempt => this is Completed or Stopped or Released or Failed or Killed or CheckpointLost;

    /// <summary>The runner has taken the trial.</summary>
    /// <param name="Device">Added by the worker.</param>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Started")]
    public sealed record Started([property: Id(0), JsonIgnore] string Device) : AttemptEvent;

    /// <summary>What the trainable says of itself: before the first batch, and in place of that again when it has more to say.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Described")]
    public sealed record Described([property: Id(0)] ImmutableSortedDictionary<string, string> Facts) : AttemptEvent;

    /// <summary>How far the running epoch is. The worker keeps the newest one and sends it with its list of running attempts, not as an
    /// event.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Progressed")]
    public sealed record Progressed([property: Id(0)] TrialProgress Progress) : AttemptEvent;

    /// <summary>An epoch is done. Report and checkpoint are one event, so that they are stored together or not at all: a resume can neither
    /// skip a report nor want a file that was never told of.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Reported")]
    public sealed record Reported(
        [property: Id(0), JsonIgnore] EpochReport Report,
        [property: Id(1), JsonPropertyOrder(1)] CheckpointFile? Checkpoint) : AttemptEvent
    {
        /// <summary>From a line of JSON, where the report is not an object of its own.</summary>
        [JsonConstructor]
        public Reported(int epoch, ImmutableSortedDictionary<string, double> metrics, CheckpointFile? checkpoint = null)
            : this(new EpochReport(epoch, metrics), checkpoint)
        {
        }

        /// <summary>Since the attempt began; null where nobody knows. Added by the worker, for a report may be long on its way.</summary>
        [Id(2), JsonIgnore]
        public double? Seconds { get; init; }

        /// <summary>Counted from 1.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public int Epoch => Report.Epoch;

        /// <summary>By name.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public ImmutableSortedDictionary<string, double> Metrics => Report.Metrics;
    }

    /// <summary>Metrics within an epoch: drawn, and ranked on by nobody.</summary>
    /// <param name="Step">0 or more, as the program counts.</param>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Stepped")]
    public sealed record Stepped(
        [property: Id(0)] long Step, [property: Id(1)] ImmutableSortedDictionary<string, double> Metrics) : AttemptEvent;

    /// <summary>A checkpoint within an epoch, written to give the slot back.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Checkpointed")]
    public sealed record Checkpointed([property: Id(0)] CheckpointFile Checkpoint) : AttemptEvent;

    /// <summary>The last epoch is done. The figures are those on the test set with the weights of the best epoch; null where there are
    /// none.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Completed")]
    public sealed record Completed([property: Id(0)] double? TestLoss, [property: Id(1)] double? TestAccuracy) : AttemptEvent
    {
        /// <summary>The last epoch that the program reported; null where it waits for verdicts, and so cannot outrun one. Added by the
        /// worker.</summary>
        [Id(2), JsonIgnore]
        public int? Epoch { get; init; }

        /// <summary>What the program said of the metric other than by a report, for the message of a trial without one. Added by the
        /// worker.</summary>
        [Id(3), JsonIgnore]
        public string? NearMiss { get; init; }
    }

    /// <summary>Ended early as asked.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Stopped")]
    public sealed record Stopped : AttemptEvent;

    /// <summary>The slot was given back in good order, after a checkpoint or without progress since the last.</summary>
    /// <param name="Reason">Added by the worker.</param>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Released")]
    public sealed record Released([property: Id(0), JsonIgnore] string Reason) : AttemptEvent;

    /// <summary>The attempt failed by its own fault.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Failed")]
    public sealed record Failed([property: Id(0)] FailureCause Cause, [property: Id(1)] string Message) : AttemptEvent;

    /// <summary>A signal ended the runner, which somebody outside may have sent.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.Killed")]
    public sealed record Killed([property: Id(0)] string Message) : AttemptEvent;

    /// <summary>The checkpoint to go on from is missing or damaged, so nothing was begun: the one before it takes its place.</summary>
    [GenerateSerializer, Immutable, Alias("seqsweep.AttemptEvent.CheckpointLost")]
    public sealed record CheckpointLost([property: Id(0)] CheckpointFile Checkpoint, [property: Id(1)] string Reason) : AttemptEvent;
}

/// <summary>Why a lease ended without a word from its holder.</summary>
public enum LeaseLoss
{
    /// <summary>The worker died, froze or was cut off: counts towards poison.</summary>
    WorkerLost,

    /// <summary>The head went down and its worker with it, as when a whole <c>run</c> is killed: never counts.</summary>
    HeadRestarted,
}
