namespace SeqMnistSweep.SearchSpaces;

/// <summary>What is known of a program before it runs. What is special to one program is said here, for all to look up.</summary>
/// <param name="Name">The value of <c>program</c>.</param>
/// <param name="Description">One line of documentation.</param>
/// <param name="Parameters">The parameters that it is known to have.</param>
/// <param name="TakesOthers">Whether parameters beyond the listed ones are passed on; then nothing is known of them.</param>
/// <param name="Metrics">What it reports after every epoch; empty when unknown.</param>
/// <param name="Metric">What is ranked on when the file does not say; null when it must.</param>
/// <param name="Maximize">Whether larger values of <paramref name="Metric"/> are better.</param>
public sealed record TrainableDescription(string Name, string Description, ImmutableArray<TrainableParameter> Parameters, bool TakesOthers,
    ImmutableArray<string> Metrics, string? Metric, bool Maximize)
{
    /// <summary>The parameter that seeds a trial, whatever the program.</summary>
    public const string Seed = "seed";

    /// <summary>The parameter that says how many epochs a trial trains, whatever the program.</summary>
    public const string Epochs = "epochs";

    /// <summary>The seed of a trial whose configuration and sweep give none.</summary>
    public const long DefaultSeed = 1111;

    private readonly Dictionary<string, TrainableParameter> _byName = Parameters.ToDictionary(
        parameter => parameter.Name, StringComparer.Ordinal);

    /// <summary>The names of <see cref="Parameters"/>.</summary>
    public IEnumerable<string> Names => Parameters.Select(parameter => parameter.Name);

    /// <summary>Whether its trials need libtorch on the machine that runs them.</summary>
    public bool NeedsLibtorch { get; init; }

    /// <summary>The parameter that names the images to train on; null for a program that reads none of ours.</summary>
    public TrainableParameter? Dataset { get; init; }

    /// <summary>The parameter that names the arithmetic; null where there is no choice.</summary>
    public TrainableParameter? Precision { get; init; }

    /// <summary>The values of <see cref="Precision"/> that only GPUs have.</summary>
    public ImmutableArray<string> GpuPrecisions { get; init; } = [];

    /// <summary>Whether its trials tell how many parameters their model has.</summary>
    public bool TellsParameters { get; init; }

    /// <summary>How validation metrics depend on a parameter; null where they do not.</summary>
    public HoldoutMetrics? Holdout { get; init; }

    /// <summary>A rule between parameters that every configuration satisfies unless the file relaxes it; null for none.</summary>
    public BuiltInRule? Rule { get; init; }

    /// <summary>What a configuration costs; null where it cannot be counted.</summary>
    public TrainableCost? Cost { get; init; }

    /// <summary>The parameter of that name; null where none is known.</summary>
    public TrainableParameter? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What is wrong with a configuration's values taken one by one, each as a sentence; empty when nothing is.</summary>
    public IEnumerable<string> Problems(ParameterSet configuration) => configuration
        .Where(item => item.Value.Kind != ParameterKind.Null)
        .Select(item => Find(item.Key) switch
        {
            null => TakesOthers ? null : $"{Name} has no parameter {item.Key}",
            var row when !row.IsAccepted(item.Value) => $"{item.Key} is {item.Value}; {row.Accepts} is accepted",
            _ => null,
        })
        .OfType<string>();
}

/// <summary>Metrics that come in two kinds: on images held out of the training set, and on the test set where none are held out.</summary>
/// <param name="Parameter">How many images are held out; with 0 only the test set is left to report.</param>
/// <param name="Validation">What the names of the first kind begin with.</param>
/// <param name="Test">What the names of the second kind begin with.</param>
public sealed record HoldoutMetrics(TrainableParameter<long> Parameter, string Validation, string Test)
{
    /// <summary>The metric of the other kind; the same where it is of neither.</summary>
    public string Other(string metric) =>
        metric.StartsWith(Validation, StringComparison.Ordinal) ? Test + metric[Validation.Length..]
        : metric.StartsWith(Test, StringComparison.Ordinal) ? Validation + metric[Test.Length..]
        : metric;
}

/// <summary>A rule that belongs to a program. The file's key of the same name says <c>require</c> (the default) or <c>warn</c>.</summary>
/// <param name="Key">The key of the sweep file that relaxes it.</param>
/// <param name="Derived">Values that the rule and the user's own rules may name.</param>
/// <param name="Rule">True for the configurations to keep.</param>
/// <param name="Parameters">The parameters that decide it, the most telling one first.</param>
/// <param name="Shortcoming">What can be said of configurations that break it, after "do": "not see the whole sequence".</param>
public sealed record BuiltInRule(
    string Key, ImmutableArray<DerivedValue> Derived, Constraint Rule, ImmutableArray<string> Parameters, string Shortcoming);

/// <summary>What a configuration costs, counted before it runs.</summary>
/// <param name="ForwardFlop">Floating-point operations of one forward pass of one image; a training step is about three.</param>
/// <param name="TrainedImages">Images that one trial trains on, over all epochs.</param>
/// <param name="TrialFlop">Floating-point operations of a whole trial.</param>
public sealed record TrainableCost(
    Func<ParameterSet, double> ForwardFlop, Func<ParameterSet, double> TrainedImages, Func<ParameterSet, double> TrialFlop);
