using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Protocol;

/// <summary>What a worker tells its runner, one JSON object a line on the runner's standard input.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Decide), "verdict")]
[JsonDerivedType(typeof(Drain), "drain")]
[JsonDerivedType(typeof(Stop), "stop")]
public abstract record RunnerCommand
{
    private RunnerCommand()
    {
    }

    /// <summary>Train this trial; answered by <see cref="RunnerMessage.Started"/>.</summary>
    public sealed record Start : RunnerCommand
    {
        public required TrialId Trial { get; init; }

        public required int Attempt { get; init; }

        public required long Lease { get; init; }

        public required string Program { get; init; }

        /// <summary>The command line of an external program, with its macros; empty for the usual one.</summary>
        [JsonIgnore]
        public ImmutableArray<string> Command { get; init; } = [];

        public required ParameterSet Parameters { get; init; }

        public required long Seed { get; init; }

        public required string Metric { get; init; }

        public required bool Maximize { get; init; }

        /// <summary>Epochs after whose report the runner waits for a verdict.</summary>
        public ImmutableArray<int> Rungs { get; init; } = [];

        public CheckpointFile? Resume { get; init; }

        public required string CheckpointFolder { get; init; }

        public int CheckpointEvery { get; init; } = 1;

        public string? DataFolder { get; init; }

        public ImmutableSortedDictionary<string, string> DatasetDigests { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

        public int Threads { get; init; } = 1;

        public string Device { get; init; } = "cpu";
    }

    /// <summary>The answer to the report of a rung.</summary>
    public sealed record Decide(int Epoch, Verdict Verdict) : RunnerCommand;

    /// <summary>Write a checkpoint at the next batch and give the trial back.</summary>
    public sealed record Drain : RunnerCommand;

    /// <summary>Drop the trial at the next batch.</summary>
    public sealed record Stop : RunnerCommand;
}
