using System.Text.Json.Serialization;

namespace SeqMnistSweep.Trainables;

/// <summary>Everything that one attempt needs to know. The schedule fills it, the worker adds where it runs, and the runner and the
/// trainable get it whole: in the runner protocol it is the <c>start</c> command.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.TrialAssignment")]
public record TrialAssignment
{
    /// <summary>Names the trial in messages and files.</summary>
    [Id(0)] public required TrialId Trial { get; init; }

    /// <summary>Counted from 1.</summary>
    [Id(1)] public required int Attempt { get; init; }

    /// <summary>The fencing token: what its holder writes counts only while it is the trial's newest.</summary>
    [Id(2)] public long Lease { get; init; }

    /// <summary>A name of the <see cref="TrainableCatalog"/>, or an external program.</summary>
    [Id(3)] public required string Program { get; init; }

    /// <summary>The command line of an external program, with its macros; empty for the default one.</summary>
    [Id(4), JsonIgnore] public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The configuration, without inactive parameters.</summary>
    [Id(5)] public required ParameterSet Parameters { get; init; }

    /// <summary>Everything random in the trial derives from it.</summary>
    [Id(6)] public required long Seed { get; init; }

    /// <summary>The metric that decides which epoch is the best.</summary>
    [Id(7)] public required string Metric { get; init; }

    /// <summary>Whether larger values of <see cref="Metric"/> are better.</summary>
    [Id(8)] public required bool Maximize { get; init; }

    /// <summary>Epochs after which the runner waits for a verdict.</summary>
    [Id(9)] public ImmutableArray<int> Rungs { get; init; } = [];

    /// <summary>Where to go on; null starts from the beginning.</summary>
    [Id(10)] public CheckpointFile? Resume { get; init; }

    /// <summary>Where checkpoints are read from and written to, named by their content; set by the worker.</summary>
    [Id(11)] public string CheckpointFolder { get; init; } = "";

    /// <summary>Where a program writes files that are kept with the trial; set by the worker.</summary>
    [Id(25), JsonIgnore] public string OutputFolder { get; init; } = "";

    /// <summary>Epochs from one checkpoint to the next.</summary>
    [Id(12)] public int CheckpointEvery { get; init; } = 1;

    /// <summary>A folder with one folder per dataset, searched before the usual places; null for those only. Set by the worker.</summary>
    [Id(13)] public string? DataFolder { get; init; }

    /// <summary>SHA-256 by dataset name; the data used must match.</summary>
    [Id(14)] public ImmutableSortedDictionary<string, string> DatasetDigests { get; init; }
        = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>CPU threads, 1 or more; part of the result's identity.</summary>
    [Id(15)] public int Threads { get; init; } = 1;

    /// <summary>All metrics that the sweep file names; none where it names none, and what is usual is ranked on.</summary>
    [Id(17), JsonIgnore] public ImmutableArray<string> Metrics { get; init; } = [];

    /// <summary><c>cpu</c> or <c>cuda:0</c>, as the runner sees it; set by the worker.</summary>
    [Id(16)] public string Device { get; init; } = "cpu";

    /// <summary>How long it may take to stop when it is told to, before it is killed; null leaves that to the worker.</summary>
    [Id(18), JsonIgnore] public TimeSpan? Grace { get; init; }

    /// <summary>How an external program is run, beside its command.</summary>
    [Id(19), JsonIgnore] public ProgramSettings ProgramSettings { get; init; } = ProgramSettings.Usual;

    /// <summary>GPUs that an external program sees where its worker has some.</summary>
    [Id(20), JsonIgnore] public int Gpus { get; init; } = 1;
}
