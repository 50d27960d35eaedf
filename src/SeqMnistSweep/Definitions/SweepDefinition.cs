using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Definitions;

/// <summary>What one sweep is: the validated content of a sweep file, immutable. Made by the reader of sweep files only.</summary>
public sealed record SweepDefinition
{
    /// <summary>The <see cref="Defaults"/> with which <c>asha</c> promotes, with eta 4, where the file says nothing. Before, it stopped with
    /// eta 3.</summary>
    public const int PromotionByDefault = 2;

    /// <summary>The <see cref="Defaults"/> of today: <c>asha</c> has its first rung at epoch 2 from 16 epochs on. Before, from 12.</summary>
    public const int LatestDefaults = 3;

    /// <summary>Letters, digits, <c>_</c>, <c>-</c> and <c>.</c>; the sweep's id begins with it.</summary>
    public required string Name { get; init; }

    /// <summary>What the sweep is for, in the user's words.</summary>
    public string? Description { get; init; }

    /// <summary>Words to find the sweep by.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The name of a built-in program, or an external program.</summary>
    public required string Program { get; init; }

    /// <summary>The command line of an external program with W&amp;B's macros; empty for W&amp;B's default.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>How an external program is run, beside its command.</summary>
    public ProgramSettings ProgramSettings { get; init; } = ProgramSettings.Usual;

    /// <summary>The sampler's name in the catalogue.</summary>
    public required string Method { get; init; }

    /// <summary>Another one gives other random configurations.</summary>
    public long SamplerSeed { get; init; }

    /// <summary>Of <c>sobol</c>: whether its points are scrambled.</summary>
    public bool Scramble { get; init; } = true;

    /// <summary>No more than this many configurations; null for no cap.</summary>
    public int? RunCap { get; init; }

    /// <summary>Of two sweeps that want slots the one with the larger number goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Its part in the slots, beside sweeps of the same priority; above 0.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>What configurations are ranked on.</summary>
    public required MetricGoal Metric { get; init; }

    /// <summary>All that the file names, <see cref="Metric"/> first; more than one only where it says <c>metrics</c>.</summary>
    public required ImmutableArray<MetricGoal> Metrics { get; init; }

    /// <summary>Whether neither the file nor the program says what is ranked on: a trial may end without a value then.</summary>
    public bool MetricIsAssumed { get; init; }

    /// <summary>The parameters with the rules between them.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>The pruner and its settings; null runs every trial to its end.</summary>
    public EarlyTermination? EarlyTerminate { get; init; }

    /// <summary>Which defaults hold where the file says nothing: a stored sweep keeps those that it was submitted under, whatever later
    /// versions have.</summary>
    public int Defaults { get; init; } = LatestDefaults;

    /// <summary>Of <c>method: pbt</c>.</summary>
    public PopulationPlan Population { get; init; } = new();

    /// <summary>Under how many seeds every configuration is trained.</summary>
    public SeedPlan Seeds { get; init; } = new(1, null);

    /// <summary>What runs again when the search has ended; null for nothing.</summary>
    public ConfirmPlan? Confirm { get; init; }

    /// <summary>The configuration of defaults, where the file asks for it: the first of <see cref="Enqueue"/>.</summary>
    public ParameterSet? Baseline { get; init; }

    /// <summary>Configurations to try first, complete and feasible.</summary>
    public ImmutableArray<ParameterSet> Enqueue { get; init; } = [];

    /// <summary>What one trial needs of its worker.</summary>
    public ResourceNeeds Resources { get; init; } = new();

    /// <summary>When the sweep or a trial stops although there would be more to do.</summary>
    public SweepLimits Limits { get; init; } = new();

    /// <summary>Which failed attempts are tried again.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>When trials save their state, and what stays of it.</summary>
    public CheckpointPolicy Checkpoint { get; init; } = new();

    /// <summary>Names of the datasets that its trials train on; none for a program that names none.</summary>
    public ImmutableArray<string> Datasets => TextsOf(Space.Trainable.Dataset);

    /// <summary>Arithmetic that its trials ask for; none for a program that names none.</summary>
    public ImmutableArray<string> Precisions => TextsOf(Space.Trainable.Precision);

    /// <summary>Whether some of its trials can be computed on a GPU only.</summary>
    public bool NeedsGpu => Precisions.Any(Space.Trainable.GpuPrecisions.Contains);

    /// <summary>The file's text as it was given; parsing it again gives an equal definition.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-256 over the file's content without comments and layout: two files with one digest ask for the same sweep.</summary>
    public required string Digest { get; init; }

    /// <summary>Epochs of its longest trial; null where the program is not known to tell.</summary>
    public long? LongestTraining
    {
        get
        {
            var values = Space.Find(TrainableDescription.Epochs)?.Distribution.Ends
                ?? [Space.Trainable.Find(TrainableDescription.Epochs)?.Default];
            return values.Where(value => value is { Kind: ParameterKind.Integer }).Max(value => (long?)value!.AsInteger());
        }
    }

    /// <summary>Every value that a parameter with texts may take.</summary>
    private ImmutableArray<string> TextsOf(TrainableParameter? parameter)
    {
        if (parameter is null) return [];

        var values = Space.Find(parameter.Name)?.Distribution.Ends ?? [Space.ValueOf(ParameterSet.Empty, parameter.Name)];
        var enqueued = Enqueue.Select(point => point[parameter.Name]);
        return [.. values.Concat(enqueued).OfType<ParameterValue>().Select(value => value.AsText()).Distinct()];
    }
}

/// <param name="Target">Once a trial's value reaches it no new trial starts.</param>
public sealed record MetricGoal(string Name, bool Maximize, double? Target = null)
{
    /// <summary>Whether <paramref name="value"/> is better than <paramref name="other"/>; a NaN is never better, and worse than every
    /// number.</summary>
    public bool IsBetter(double value, double other) =>
        !double.IsNaN(value) && (double.IsNaN(other) || (Maximize ? value > other : value < other));

    /// <summary>Whether a value is as good as <see cref="Target"/> or better; never without one.</summary>
    public bool ReachesTarget(double value) => Target is { } target && (Maximize ? value >= target : value <= target);
}

/// <summary><c>early_terminate</c>: the pruner's name and its settings as the file gave them, checked by the pruner's own table.</summary>
public sealed record EarlyTermination(string Type, ParameterSet Settings);

/// <summary><c>pbt</c>: how a population lives; its size is the run cap.</summary>
/// <param name="Interval">Epochs between two comparisons.</param>
/// <param name="Quantile">The share that is replaced, by copies of as large a share of the best.</param>
/// <param name="Resample">How often a copy's parameter is drawn anew instead of changed a little.</param>
public sealed record PopulationPlan(int Interval = 1, double Quantile = 0.25, double Resample = 0.25);

/// <summary>How many seeds every configuration is trained under. With a base: base .. base+count-1; without: its own.</summary>
public sealed record SeedPlan(int Count, long? Base);

/// <summary><c>confirm</c>: the best configurations of a search run again under seeds that it did not use, to their last epoch.</summary>
/// <param name="Top">How many configurations.</param>
/// <param name="Seeds">Fresh seeds of each, the same for all.</param>
public sealed record ConfirmPlan(int Top = 5, int Seeds = 5)
{
    /// <summary>Why a sweep cannot be confirmed, as the end of a sentence; null where it can.</summary>
    public static string? WhyNot(SweepDefinition definition) =>
        definition.Metrics.Length > 1 ? "it has several metrics, and no configuration is the best"
        : definition.Method == "pbt" ? "the members of a population changed their configurations while they trained"
        : null;
}

/// <param name="Threads">CPU threads per trial; part of the result's identity.</param>
/// <param name="GpuMemory">Bytes of device memory a trial needs; null when unknown.</param>
/// <param name="Gpus">GPUs of a trial; null runs it on any worker, on one GPU where there is one.</param>
public sealed record ResourceNeeds(int Threads = 1, long? GpuMemory = null, int? Gpus = null);

/// <param name="Grace">How long a trial may take to stop before it is killed; null leaves that to the worker.</param>
/// <param name="Epochs">Reported ones of all trials together.</param>
/// <param name="Stagnation">Configurations in a row that bring no better value.</param>
/// <param name="SlotHours">Hours of one slot, of all attempts together.</param>
/// <param name="ExpectedImprovement">The least that the model must expect of what it proposes, in the metric's unit.</param>
public sealed record SweepLimits(TimeSpan? TrialTime = null, TimeSpan? SweepTime = null, int? MaxFailures = null, int? MaxParallel = null,
    long? Epochs = null, double? SlotHours = null, TimeSpan? Grace = null, int? Stagnation = null,
    double? ExpectedImprovement = null);

/// <summary>A failed attempt with a cause of <see cref="On"/> is retried <see cref="Max"/> times, after <see cref="Backoff"/>.</summary>
public sealed record RetryPolicy
{
    /// <summary>Further attempts of one trial, 0 or more.</summary>
    public int Max { get; init; } = 2;

    /// <summary>Whether the file says <see cref="Max"/>: then it counts also for what crashes within seconds, before its first
    /// report.</summary>
    public bool IsGiven { get; init; }

    /// <summary>Causes of failure that another attempt may cure.</summary>
    public ImmutableArray<FailureCause> On { get; init; } = [FailureCause.OutOfMemory, FailureCause.Crashed, FailureCause.Timeout];

    /// <summary>Wait before the first further attempt; doubled before each one after it.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);
}

/// <param name="Every">Epochs between two checkpoints.</param>
/// <param name="Keep">What stays once a trial has ended.</param>
public sealed record CheckpointPolicy(int Every = 1, CheckpointKeep Keep = CheckpointKeep.Last);

/// <summary>What stays of a trial's checkpoints once it has ended.</summary>
public enum CheckpointKeep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The last one; of <c>tcn</c> it holds the best epoch's weights as well.</summary>
    Last,

    /// <summary>That of the best epoch which has one, of a trial that has ended for good; of any other the last as well.</summary>
    Best,

    /// <summary>Every one.</summary>
    All,
}
