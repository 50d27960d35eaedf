using System.Text.Json.Serialization;
using SeqMnistSweep.Outside;
using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Grains;

/// <summary>The head (key 0), for clients: takes sweeps in, and knows the fleet.</summary>
[Alias("seqsweep.IHeadGrain")]
public interface IHeadGrain : IGrainWithIntegerKey
{
    /// <summary>Stores a sweep, or finds the one that is meant. Durable when it returns.</summary>
    /// <exception cref="SweepRefusedException">The file does not make a sweep.</exception>
    [Alias("Submit")]
    [ResponseTimeout("00:00:30")]
    Task<SubmitReply> Submit(SubmitRequest request);

    /// <summary>The sweeps that a reference may mean: the one of this id, else those whose id begins so; <c>@last</c> is the
    /// newest.</summary>
    [Alias("FindSweeps")]
    [ResponseTimeout("00:00:10")]
    Task<ImmutableArray<FoundSweep>> FindSweeps(string reference);

    /// <summary>Every worker that this database has seen, by name.</summary>
    [Alias("GetWorkers")]
    [ResponseTimeout("00:00:10")]
    Task<ImmutableArray<WorkerInfo>> GetWorkers();

    /// <summary>The worker gives its trials back after a checkpoint and gets no new ones, until <see cref="Undrain"/>; kept over restarts
    /// of both. Returns when it is stored, not when the worker is empty.</summary>
    /// <exception cref="SweepRefusedException">There is no such worker.</exception>
    [Alias("Drain")]
    Task Drain(string worker, SweepAction action);

    /// <exception cref="SweepRefusedException">There is no such worker.</exception>
    [Alias("Undrain")]
    Task Undrain(string worker, SweepAction action);

    /// <summary>Why nothing of this sweep runs, as a sentence; null when something does or it has ended.</summary>
    [Alias("WhyWaits")]
    Task<string?> WhyWaits(SweepId sweep);

    /// <summary>The log of a trial's attempt, from the worker that runs it.</summary>
    /// <param name="offset">Bytes to skip; the answer's <see cref="LogChunk.Next"/> the next time.</param>
    /// <exception cref="SweepRefusedException">There is no such trial, or its worker cannot be asked; the message says where the log
    /// lies.</exception>
    [Alias("ReadLog")]
    [ResponseTimeout("00:00:10")]
    Task<LogChunk> ReadLog(TrialId trial, long offset);
}

/// <param name="Trials">How many it has, numbered from 1.</param>
/// <param name="Running">How many of them are with a worker.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.FoundSweep")]
public sealed record FoundSweep(
    [property: Id(0)] SweepId Sweep, [property: Id(1)] SweepState State, [property: Id(2)] long Trials,
    [property: Id(3)] long Running);

/// <param name="Source">The sweep file's text.</param>
/// <param name="FileName">For messages, and the sweep's name where the file has none.</param>
/// <param name="New">Start another sweep even if an unfinished or finished one has the same content.</param>
/// <param name="DatasetDigests">Null leaves it to the head to look at its own data.</param>
/// <param name="By">Who asks: <c>user@host</c>.</param>
/// <param name="Key">A second request with the same key finds the sweep of the first, whatever else it says.</param>
/// <param name="Paused">No trial starts before somebody resumes it.</param>
/// <param name="Meant">The sweep to go on with, whatever it holds; null finds the one of this content.</param>
/// <param name="SaidBy">What they say of themselves, where <paramref name="By"/> is the name of their credential.</param>
/// <param name="Priors">Sweeps of this database whose results the search begins with: an id or the beginning of one each.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SubmitRequest")]
public sealed record SubmitRequest(
    [property: Id(0)] string Source,
    [property: Id(1)] string FileName,
    [property: Id(2)] bool New,
    [property: Id(3)] ImmutableSortedDictionary<string, string>? DatasetDigests,
    [property: Id(4)] string By,
    [property: Id(5)] string? Key = null,
    [property: Id(6)] bool Paused = false,
    [property: Id(7), JsonPropertyName("prior")] ImmutableArray<string>? Priors = null,
    [property: Id(8)] ImportedResults? Imported = null,
    [property: Id(9), JsonIgnore] SweepId? Meant = null,
    [property: Id(10), JsonIgnore] string? SaidBy = null)
{
    private const int MaxImported = 100_000;

    /// <summary>Why it is not taken as it stands; null where it is. What the file says is checked elsewhere.</summary>
    public string? Problem() =>
        Source is null ? "'source' is the text of a sweep file, and missing"
        : Imported?.Trials.Length > MaxImported ? $"at most {MaxImported} results are imported, not {Imported.Trials.Length}"
        : OutsideText.NameProblem("file_name", FileName, OutsideText.MaxSentence) ?? OutsideText.NameProblem("by", By)
            ?? (Key is null ? null : OutsideText.NameProblem("key", Key))
            ?? OutsideText.NamesProblem("prior", Priors is { IsDefault: false } priors ? priors : [], OutsideText.MaxSentence)
            ?? (Imported is null ? null : OutsideText.NameProblem("imported", Imported.Name, OutsideText.MaxSentence))
            ?? (DatasetDigests is null ? null
                : OutsideText.NamesProblem("dataset_digests", [.. DatasetDigests.Keys, .. DatasetDigests.Values]));
}

/// <summary>What somebody found elsewhere, to be a search's prior.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Maximize">Whether its larger values are the better ones; only their order counts.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.ImportedResults")]
public sealed record ImportedResults(
    [property: Id(0)] string Name,
    [property: Id(1)] bool Maximize,
    [property: Id(2)] ImmutableArray<ImportedResult> Trials);

/// <summary>A configuration that was tried elsewhere, with the value that it reached there.</summary>
/// <param name="PrunedAfter">Of one that was stopped early, its last epoch; null for one that completed.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.ImportedResult")]
public sealed record ImportedResult(
    [property: Id(0)] ParameterSet Parameters, [property: Id(1)] double Value, [property: Id(2)] int? PrunedAfter = null);

/// <param name="State">The state that the sweep was found in, <see cref="SweepState.Queued"/> or <see cref="SweepState.Paused"/> for a new
/// one.</param>
/// <param name="Prior">What its search began with, for a person; null without a prior.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SubmitReply")]
public sealed record SubmitReply(
    [property: Id(0)] SweepId Sweep,
    [property: Id(1)] bool Continued,
    [property: Id(2)] SweepState State,
    [property: Id(3)] string? Prior = null);

/// <summary>A worker as the head knows it.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.WorkerInfo")]
public sealed record WorkerInfo
{
    /// <summary>Unique in the cluster.</summary>
    [JsonPropertyName("worker")]
    [Id(0)] public required string Name { get; init; }

    /// <summary>Whether it takes trials.</summary>
    [Id(1)] public required WorkerState State { get; init; }

    /// <summary>Why it is in that state; null for a ready one.</summary>
    [Id(2)] public string? Reason { get; init; }

    /// <summary><c>cpu</c>, or <c>cuda:N</c> with the GPU's name.</summary>
    [Id(3)] public required string Device { get; init; }

    /// <summary>Trials at the same time.</summary>
    [Id(4)] public required int Slots { get; init; }

    /// <summary>Sweeps may ask for workers with one of them.</summary>
    [Id(5)] public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The program's version there; null for one not heard since the head started.</summary>
    [Id(6)] public string? Version { get; init; }

    /// <summary>The start of it that the head heard last.</summary>
    [Id(7)] public required string Incarnation { get; init; }

    /// <summary>When this start of it was heard first; null for one not heard since the head started.</summary>
    [Id(8)] public DateTimeOffset? Started { get; init; }

    /// <summary>When it was heard last; null for one not heard since the head started.</summary>
    [Id(9)] public DateTimeOffset? Seen { get; init; }

    /// <summary>What sits in its slots, as it said in its last exchange.</summary>
    [Id(10)] public ImmutableArray<RunningAttempt> Running { get; init; } = [];

    /// <summary>Whether it runs programs of users.</summary>
    [Id(11)] public bool AllowsPrograms { get; init; }

    /// <summary>Milliseconds from a slot coming free to the first code of its next trial, the median there; null where it is not
    /// known.</summary>
    [Id(12)] public double? IdleP50Ms { get; init; }

    /// <summary>Of the same the 99th percentile.</summary>
    [Id(13)] public double? IdleP99Ms { get; init; }

    /// <summary>What is taken of its device's memory; null where it is not known.</summary>
    [Id(14)] public DeviceMemory? Memory { get; init; }

    /// <summary>Why somebody drains it; null while nobody does.</summary>
    [Id(15)] public string? DrainReason { get; init; }

    /// <summary>Who drains it; null while nobody does.</summary>
    [Id(16)] public string? DrainedBy { get; init; }

    /// <summary>GPUs of one slot; 0 on a CPU, and for one not heard since the head started.</summary>
    [Id(17)] public int Gpus { get; init; }

    /// <summary>The memory of its GPUs; null on a CPU, and where it is not known.</summary>
    [Id(18)] public GpuShare? Gpu { get; init; }

    /// <summary>What is known of its device, and how its number of slots was found; empty on a CPU, and for one not heard since the head
    /// started.</summary>
    [Id(19)] public ImmutableSortedDictionary<string, string> Facts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the driver says of its GPUs; null on a CPU, and where it is not known.</summary>
    [Id(20)] public DeviceHealth? Health { get; init; }

    /// <summary>What it can run.</summary>
    public WorkerOffer ToOffer() => new()
    {
        Tags = Tags,
        AllowsPrograms = AllowsPrograms,
        Gpus = Gpus,
        GpuMemory = Gpu?.Most,
    };
}

/// <summary>In the database the names are written in lower case.</summary>
public enum WorkerState
{
    /// <summary>Takes trials.</summary>
    Ready,

    /// <summary>Takes none; gives back what runs.</summary>
    Draining,

    /// <summary>Takes none, and nothing runs.</summary>
    Drained,

    /// <summary>Takes none: its device does not work.</summary>
    Faulty,

    /// <summary>Left in good order.</summary>
    Gone,

    /// <summary>Not heard for longer than a lease lives.</summary>
    Lost,
}

/// <param name="Next">Where to read on.</param>
/// <param name="Ended">Whether the attempt has ended, so that nothing more will come.</param>
/// <param name="Reason">Why there is no log here, and where it is; null where there is one.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.LogChunk")]
public sealed record LogChunk(
    [property: Id(0)] int Attempt,
    [property: Id(1)] string Worker,
    [property: Id(2)] string Text,
    [property: Id(3)] long Next,
    [property: Id(4)] bool Ended,
    [property: Id(5)] string? Reason = null)
{
    /// <summary>The offset at which the log of this attempt's worker begins: what lies before it is of earlier attempts.</summary>
    [Id(6)]
    public long Start { get; init; }
}
