using System.Text.Json.Serialization;
using SeqMnistSweep.Outside;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Grains;

/// <summary>One sweep, for clients. The key is the sweep's id. Lives on the head, rebuilt from the database at any moment.</summary>
[Alias("seqsweep.ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>What an action may take: a sweep that nobody looked at is read from the database first, all its trials.</summary>
    const string ActionTime = "00:01:00";

    /// <param name="afterEvent">Only events with a larger number are in the answer, the oldest 500 of them.</param>
    [Alias("GetStatus")]
    [ResponseTimeout("00:00:10")]
    Task<SweepStatus> GetStatus(long afterEvent, CancellationToken cancellation);

    /// <summary>No new trials start; those that run go on.</summary>
    [Alias("Pause")]
    [ResponseTimeout(ActionTime)]
    Task Pause(SweepAction action);

    /// <summary>Takes a pause back.</summary>
    [Alias("Resume")]
    [ResponseTimeout(ActionTime)]
    Task Resume(SweepAction action);

    /// <summary>No new trials start; the sweep ends when those that run have ended.</summary>
    [Alias("Stop")]
    [ResponseTimeout(ActionTime)]
    Task Stop(SweepAction action);

    /// <summary>Everything ends now.</summary>
    [Alias("Cancel")]
    [ResponseTimeout(ActionTime)]
    Task Cancel(SweepAction action);

    /// <summary>Ends one trial now; the others go on.</summary>
    /// <exception cref="SweepRefusedException">There is no such trial, or it has ended.</exception>
    [Alias("CancelTrial")]
    [ResponseTimeout(ActionTime)]
    Task CancelTrial(int trial, SweepAction action);

    /// <summary>Failed trials are tried again, from their last checkpoint; a sweep that had ended goes on.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="SweepRefusedException">None is there to be retried.</exception>
    [Alias("Retry")]
    [ResponseTimeout(ActionTime)]
    Task<int> Retry(RetryRequest request);

    /// <summary>Changes limits of a sweep that lives, or gives it more: more seeds, a file with a wider space, or, once it has ended,
    /// larger limits. What runs is not touched; exactly what is missing is run.</summary>
    /// <exception cref="SweepRefusedException">A value makes no sense, nothing would be added, or the file is another sweep.</exception>
    [Alias("Edit")]
    [ResponseTimeout(ActionTime)]
    Task<EditReply> Edit(EditRequest request);

    /// <summary>Changes what people keep of the sweep: title, note, tags, whether it is archived.</summary>
    /// <exception cref="SweepRefusedException">Only a sweep that has ended is archived.</exception>
    [Alias("Label")]
    Task Label(LabelRequest request);

    /// <summary>Deletes a sweep that has ended, with its checkpoints, logs and files; the audit keeps who did. Durable when it returns: the
    /// sweep is there for nobody any more. Asked again while the rest goes, it says how far that is.</summary>
    /// <exception cref="SweepRefusedException">It has not ended, or there is none.</exception>
    [Alias("Delete")]
    [ResponseTimeout("00:00:30")]
    Task<DeleteReply> Delete(SweepAction action);

    /// <summary>How far the trial is, from its own grain; null where it does not run on a worker that answers.</summary>
    [Alias("GetProgress")]
    [ResponseTimeout("00:00:10")]
    Task<TrialProgress?> GetProgress(int trial);

    /// <summary>Asks for one configuration, tried before any that the method proposes.</summary>
    /// <returns>The trials made for it, one per seed.</returns>
    /// <exception cref="SweepRefusedException">The point is incomplete, infeasible or there already.</exception>
    [Alias("Enqueue")]
    [ResponseTimeout(ActionTime)]
    Task<ImmutableArray<int>> Enqueue(EnqueueRequest request);
}

/// <summary>What somebody asks of a sweep or a worker.</summary>
/// <param name="By">Who asks: <c>user@host</c> as they say it; a head puts the name of their credential there, and this into
/// <see cref="SaidBy"/>.</param>
/// <param name="Reason">Why, as a sentence; written into the event log.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepAction")]
public record SweepAction([property: Id(0)] string By, [property: Id(1)] string Reason)
{
    /// <summary>Without a name or a reason: for a body in JSON that gives them later.</summary>
    public SweepAction()
        : this("", "")
    {
    }

    /// <summary>What they say of themselves; null where <see cref="By"/> is that.</summary>
    [Id(2), JsonIgnore] public string? SaidBy { get; init; }

    /// <summary>For the event log.</summary>
    [JsonIgnore] public string Actor => Scheduling.Actor.Of(By, SaidBy);

    /// <summary>Why it is not taken as it stands; null where it is.</summary>
    public virtual string? Problem() => OutsideText.NameProblem("by", By) ?? OutsideText.SentenceProblem("reason", Reason);

    /// <exception cref="SweepRefusedException">It is not taken as it stands.</exception>
    public void Require()
    {
        if (Problem() is { } problem) throw new SweepRefusedException(problem);
    }
}

/// <summary>Which failed trials are tried again.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.RetryRequest")]
public sealed record RetryRequest : SweepAction
{
    private const int MaxTrials = 100_000;

    /// <summary>Without a name or a reason.</summary>
    public RetryRequest()
    {
    }

    /// <summary>Who asks and why.</summary>
    public RetryRequest(SweepAction action)
        : base(action)
    {
    }

    /// <summary>Empty means every failed one.</summary>
    [Id(0)] public ImmutableArray<int> Trials { get; init; } = [];

    /// <summary>Only those that failed so; null for any cause.</summary>
    [Id(1)] public FailureCause? Cause { get; init; }

    /// <inheritdoc/>
    public override string? Problem() => base.Problem()
        ?? (Trials.IsDefault ? "'trials' is a list" : Trials.Length > MaxTrials ? $"'trials' has at most {MaxTrials} entries" : null);
}

/// <summary>What is changed of a sweep, or what it gets more of.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.EditRequest")]
public sealed record EditRequest : SweepAction
{
    /// <summary>Without a name or a reason.</summary>
    public EditRequest()
    {
    }

    /// <summary>Who asks and why.</summary>
    public EditRequest(SweepAction action)
        : base(action)
    {
    }

    /// <summary>A sweep file's text that takes the place of the stored one; null keeps that.</summary>
    [Id(0)] public string? Source { get; init; }

    /// <summary>Other limits; none where the file says everything.</summary>
    [Id(1)] public SweepEdits Edits { get; init; } = SweepEdits.None;

    /// <inheritdoc/>
    public override string? Problem() => base.Problem() ?? (Edits is null ? "'edits' has the other limits, and is null" : null);
}

/// <param name="Extended">Whether the sweep has more to do than before; one that had ended goes on.</param>
/// <param name="Planned">Trials that it will have in all; null where that is not known.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.EditReply")]
public sealed record EditReply([property: Id(0)] bool Extended, [property: Id(1)] long? Planned);

/// <summary>A configuration to be tried before any other.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.EnqueueRequest")]
public sealed record EnqueueRequest : SweepAction
{
    /// <summary>Without a name or a reason.</summary>
    public EnqueueRequest()
    {
    }

    /// <summary>Who asks and why.</summary>
    public EnqueueRequest(SweepAction action)
        : base(action)
    {
    }

    /// <summary>Values by parameter as a person writes them; parameters that are not named take their only value or default.</summary>
    [Id(0)] public ImmutableSortedDictionary<string, string> Point { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public override string? Problem() => base.Problem() ?? (Point is null
        ? "'point' has the values by parameter, and is missing"
        : OutsideText.NamesProblem("point", [.. Point.Keys], OutsideText.MaxSentence)
            ?? Point.Values.Select(value => value is null ? "'point' has a value for each name"
                : OutsideText.SentenceProblem("point", value)).FirstOrDefault(problem => problem is not null));
}
