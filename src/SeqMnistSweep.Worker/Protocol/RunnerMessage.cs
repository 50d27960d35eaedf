using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Protocol;

/// <summary>What a runner tells its worker, one JSON object a line on the runner's standard output.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Ready), "ready")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(Described), "described")]
[JsonDerivedType(typeof(Progressed), "progress")]
[JsonDerivedType(typeof(Reported), "report")]
[JsonDerivedType(typeof(Checkpointed), "checkpoint")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(Stopped), "stopped")]
[JsonDerivedType(typeof(Released), "released")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record RunnerMessage
{
    private RunnerMessage()
    {
    }

    /// <summary>Waiting for a trial; the first word of a new runner.</summary>
    public sealed record Ready : RunnerMessage;

    public sealed record Started : RunnerMessage;

    public sealed record Described(ImmutableSortedDictionary<string, string> Facts) : RunnerMessage;

    public sealed record Progressed(TrialProgress Progress) : RunnerMessage;

    /// <summary>An epoch is done; its checkpoint, where there is one, is on disk.</summary>
    public sealed record Reported(int Epoch, ImmutableSortedDictionary<string, double> Metrics, CheckpointFile? Checkpoint = null) : RunnerMessage;

    /// <summary>A checkpoint within an epoch is on disk; <see cref="Released"/> follows.</summary>
    public sealed record Checkpointed(CheckpointFile Checkpoint) : RunnerMessage;

    /// <summary>The trial is complete.</summary>
    public sealed record Done(double? TestLoss, double? TestAccuracy) : RunnerMessage;

    /// <summary>Ended early, as asked or by a verdict.</summary>
    public sealed record Stopped : RunnerMessage;

    /// <summary>Given back as asked.</summary>
    public sealed record Released : RunnerMessage;

    public sealed record Failed(FailureCause Cause, string Message) : RunnerMessage;
}
