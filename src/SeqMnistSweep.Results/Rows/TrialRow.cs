using Dapper;

namespace SeqMnistSweep.Results.Rows;

/// <summary>What users see of a trial. Every property is a column of the view <c>trials</c>, which is made from this type, and a field of
/// the answers over HTTP; those that are not <see cref="FromAttribute.Hidden"/> are columns of <c>TrialTable</c> too.</summary>
/// <param name="Trial">The sweep's id, a slash and the number.</param>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Number">See <see cref="TrialRecord.Number"/>.</param>
/// <param name="Configuration">See <see cref="TrialRecord.Configuration"/>.</param>
/// <param name="State">Name of a <see cref="Trials.TrialState"/>.</param>
/// <param name="StateCause">Name of a <see cref="TransitionCause"/>: how it came into its state; null before its first attempt.</param>
/// <param name="Cause">Name of a <see cref="Trials.FailureCause"/>; null unless an attempt failed.</param>
/// <param name="Value">Best finite value of the sweep's metric; null without one.</param>
/// <param name="Epoch">The epoch of the value.</param>
/// <param name="TestLoss">Loss on the test set with the weights of the best epoch, in nats; null until the trial is completed.</param>
/// <param name="TestAccuracy">The same for the accuracy, a fraction.</param>
/// <param name="Params">The configuration, a JSON object.</param>
/// <param name="Seed">The trial's seed.</param>
/// <param name="Attempts">See <see cref="TrialRecord.Attempts"/>.</param>
/// <param name="Worker">The worker that runs it, or ran it last.</param>
/// <param name="Device">The device there.</param>
/// <param name="Started">See <see cref="TrialRecord.Started"/>.</param>
/// <param name="Finished">When it came to its end.</param>
/// <param name="Created">When it was proposed.</param>
/// <param name="Epochs">Epochs reported so far.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Lease">The last fencing token; 0 before the first grant.</param>
/// <param name="Failures">See <see cref="TrialRecord.Failures"/>.</param>
/// <param name="Parameters">Weights of the trained network, as its facts say.</param>
/// <param name="Facts">What the trainable said of itself, a JSON object.</param>
/// <param name="Purpose">Name of a <see cref="TrialPurpose"/>: what the trial is for.</param>
/// <param name="Origin">Where the configuration came from.</param>
/// <param name="RunSeconds">See <see cref="TrialRecord.RunSeconds"/>.</param>
[method: ExplicitConstructor]
public sealed record TrialRow(
    [property: From("id", Hidden = true)] string Trial,
    [property: From("sweep", Hidden = true)] string Sweep,
    long Number,
    long Configuration,
    string State,
    string? StateCause,
    string? Cause,
    double? Value,
    [property: From("value_epoch", Table = "best_epoch")] long? Epoch,
    double? TestLoss,
    double? TestAccuracy,
    [property: From("params", Hidden = true)] string Params,
    long Seed,
    long Attempts,
    string? Worker,
    string? Device,
    string? Started,
    string? Finished,
    string Created,
    [property: From("epoch", Table = "epochs_done")] long Epochs,
    string? Message,
    [property: From("lease", Hidden = true)] long Lease,
    long Failures,
    [property: From("iif(json_valid(facts), json_extract(facts, '$.parameters'), null)", Hidden = true)] long? Parameters,
    [property: From("facts", Hidden = true)] string? Facts,
    string Purpose,
    string? Origin,
    [property: From("run_seconds", Hidden = true)] double RunSeconds);
