using Dapper;

using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>sweeps</c> with the counts of its trials by state.</summary>
/// <param name="Sweep">Its id, <c>name-xxxx</c>.</param>
/// <param name="Name">The name that its file gives it.</param>
/// <param name="State">Name of a <c>SweepState</c> in lower case.</param>
/// <param name="Method">The sampler.</param>
/// <param name="Metric">The metric by which trials are ranked.</param>
/// <param name="Goal"><c>maximize</c> or <c>minimize</c>.</param>
/// <param name="Infeasible">Points that the constraints dropped.</param>
/// <param name="Spec">The sweep file's text.</param>
/// <param name="Created">When it was submitted: ISO 8601, UTC, with milliseconds, like the next two.</param>
/// <param name="Started">When its first trial started; null before.</param>
/// <param name="Finished">When it ended; null before.</param>
/// <param name="Planned">Trials that the sweep will have in all, when that is known.</param>
/// <param name="Priority">A larger one goes first.</param>
/// <param name="Weight">Its part of the slots beside sweeps of the same priority; above 0.</param>
/// <param name="Seeds">Trials of each configuration.</param>
/// <param name="SlotHours">Hours of slots that its attempts have used.</param>
/// <param name="Cause">Name of a <see cref="Trials.SweepCause"/>: why it is in this state; null before its first trial.</param>
/// <param name="Reason">The same as a sentence; null where nobody said.</param>
/// <param name="Digest">SHA-256 of what the file means, by which the same content is found again.</param>
/// <param name="Edits">What was changed since the submission, a JSON object.</param>
/// <param name="SubmitKey">The name that its submission was given.</param>
/// <param name="Prior">What its search began with, of earlier sweeps: a JSON list; see <see cref="PriorJson.ReadSources"/>.</param>
/// <param name="Title">What somebody renamed it to; null while nobody has.</param>
/// <param name="Description">As its file had it.</param>
/// <param name="Tags">A JSON list; at first those of its file.</param>
/// <param name="Note">What somebody wants to remember of it.</param>
/// <param name="Archived">Since when lists leave it out; null for one that they show.</param>
/// <param name="Trials">Trials made so far, in any state.</param>
/// <param name="Queued">Trials that wait for a slot.</param>
/// <param name="Running">Leased or running.</param>
/// <param name="Paused">Trials that wait for a verdict or a promotion.</param>
/// <param name="Completed">Trials that ran to their end.</param>
/// <param name="Pruned">Trials that a pruner stopped.</param>
/// <param name="Failed">Trials that failed for good.</param>
/// <param name="Cancelled">Trials that somebody, or the end of the sweep, cancelled.</param>
/// <param name="Best">The value of the best configuration: of the first in the leaderboard that has every seed; null without
/// one.</param>
[method: ExplicitConstructor]
public sealed record SweepRow(
    string Sweep, string Name, string State, string Method, string Metric, string Goal, long Infeasible, string Spec, string Created,
    string? Started, string? Finished, long? Planned, long Priority, double Weight, double SlotHours, long Seeds, string? Cause,
    string? Reason, string Digest, string Edits, string? SubmitKey, string Prior, string? Title, string? Description, string Tags,
    string? Note, string? Archived, long Trials, long Queued, long Running, long Paused, long Completed, long Pruned, long Failed,
    long Cancelled, double? Best)
{
    /// <summary>Whether the largest value is the best.</summary>
    public bool Maximize => Goal == "maximize";

    /// <summary>In their order.</summary>
    public ImmutableArray<string> ReadTags() => TagsJson.Read(Tags);

    /// <summary>What the stored file says; null where this program no longer reads it.</summary>
    public SweepDefinition? ReadDefinition() => SweepFile.ReadStored(Spec, $"{Name}.yaml");
}

/// <summary>A row of the view <c>leaderboard</c>: a configuration with a completed trial.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Rank">Counted from 1; equal values have ranks of their own, the earlier trial first. Confirmed ones are before all others,
/// and behind all that have every seed are those that lack one.</param>
/// <param name="Trial">The configuration's trial with the lowest number.</param>
/// <param name="Value">Mean over the completed seeds, of a confirmed one over the fresh ones alone; null when one of them never had a
/// finite value.</param>
/// <param name="Deviation">Sample standard deviation; null for one seed.</param>
/// <param name="Seeds">Seeds that have completed.</param>
/// <param name="Epoch">The epoch of that trial's best value.</param>
/// <param name="TestAccuracy">Mean over the completed seeds: a fraction, 0 to 1.</param>
/// <param name="Params">The configuration as a JSON object.</param>
/// <param name="Configuration">Counted from 1 within the sweep.</param>
/// <param name="PlannedSeeds">Seeds that it is to have.</param>
/// <param name="Baseline">Whether it is the configuration of defaults, with which the others are compared.</param>
/// <param name="Confirmed">Whether it has run under fresh seeds, all of which have completed; they are the ones meant by all the
/// others.</param>
/// <param name="Low">Where the interval begins in which the true mean of a confirmed one lies; those of a sweep hold together with
/// 95 %.</param>
/// <param name="High">Where that ends.</param>
/// <param name="Searched">What the search saw of a confirmed one; null where no run of it came to its end then.</param>
/// <param name="Gap">The value less that.</param>
[method: ExplicitConstructor]
public sealed record LeaderboardRow(
    string Sweep, long Rank, string Trial, double? Value, double? Deviation, long Seeds, long? Epoch, double? TestAccuracy, string Params,
    long Configuration, long PlannedSeeds, bool Baseline, bool Confirmed, double? Low, double? High, double? Searched, double? Gap)
{
    /// <summary>Whether every seed has completed; only such a row is the best of anything.</summary>
    public bool IsWhole => Seeds >= PlannedSeeds;
}

/// <summary>A row of the view <c>pareto</c>: a configuration that no other beats in all metrics together.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Trial">The configuration's trial with the lowest number.</param>
/// <param name="Seeds">Seeds that have completed: all of them.</param>
/// <param name="Values">Metrics with their means over the seeds, a JSON object.</param>
/// <param name="Params">The configuration as a JSON object.</param>
/// <param name="Configuration">Counted from 1 within the sweep.</param>
[method: ExplicitConstructor]
public sealed record ParetoRow(string Sweep, string Trial, long Seeds, string Values, string Params, long Configuration);

/// <summary>How many trials of a sweep failed by one cause, with one of them as an example.</summary>
/// <param name="Cause">Name of a <c>FailureCause</c>.</param>
/// <param name="Trials">How many failed so.</param>
/// <param name="Example">One of them, <c>SWEEP/NUMBER</c>.</param>
/// <param name="Message">What that one said.</param>
[method: ExplicitConstructor]
public sealed record FailureCount(string Cause, long Trials, string Example, string? Message);
