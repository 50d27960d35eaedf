using System.Runtime.InteropServices;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Scheduling;

/// <summary>What an adaptive method knows of its sweep's configurations: their trials put together, as losses. Of another method nothing is
/// kept.</summary>
internal sealed class SearchMemory(SweepDefinition definition, SamplerEntry method, TrialIndex index, ReportHistory reports)
{
    private readonly Dictionary<int, List<int>> _trialsOf = [];                   // by configuration
    private readonly Dictionary<int, ImmutableArray<double>> _compromises = [];   // of a sweep with several metrics
    private bool _isLoaded;                                                       // before, it waits for the reports
    private SortedSet<int>? _changed;                                             // while the history stands still

    public SearchHistory History { get; } = new();

    /// <summary>A trial is new or has changed.</summary>
    public void Put(TrialRecord trial)
    {
        if (!method.IsAdaptive) return;

        var trials = CollectionsMarshal.GetValueRefOrAddDefault(_trialsOf, trial.Configuration, out _) ??= [];
        if (!trials.Contains(trial.Number))
        {
            trials.Add(trial.Number);
        }

        if (_changed is not null)
        {
            _changed.Add(trial.Configuration);
        }
        else if (_isLoaded)
        {
            Observe(trial.Configuration);
        }
    }

    /// <summary>The history stands still until <see cref="Thaw"/>, so that another thread may read it.</summary>
    public SearchHistory Freeze()
    {
        _changed = [];
        return History;
    }

    /// <summary>Takes in what has changed meanwhile.</summary>
    public void Thaw()
    {
        var changed = _changed!;
        _changed = null;
        foreach (var configuration in changed)
        {
            Observe(configuration);
        }
    }

    /// <summary>Keeps the losses of the metrics behind the first, as they are at its best epoch.</summary>
    public void RememberBest(int trial, EpochReport report)
    {
        if (definition.Metrics.Length > 1)
        {
            _compromises[trial] = [.. definition.Metrics.Skip(1)
                .Select(metric => report[metric.Name] is { } value ? LossOf(metric, value) : double.PositiveInfinity)];
        }
    }

    /// <summary>All that is stored has been put and remembered: from now on every change counts at once.</summary>
    public void Loaded()
    {
        _isLoaded = true;
        foreach (var configuration in _trialsOf.Keys.Order())
        {
            Observe(configuration);
        }
    }

    private void Observe(int configuration) => History.Put(Observation.Of(
        configuration,
        index.Configurations.ParametersOf(configuration),
        [.. _trialsOf[configuration].Select(number => index.Trials[number])
            .Select(trial => (trial.State, LossesOf(trial), LossCurvesOf(trial.Number)))],
        DerivedMetric.Is(definition.Metric.Name)));

    /// <summary>Of every metric as far as it is known; none without a value.</summary>
    public ImmutableArray<double> LossesOf(TrialRecord trial) => trial.Value is not { } value ? []
        : [LossOf(definition.Metric, value), .. _compromises.GetValueOrDefault(trial.Number, [])];

    private static double LossOf(MetricGoal metric, double value) => metric.Maximize ? -value : value;

    /// <summary>Curves are kept with the larger the better.</summary>
    private IReadOnlyList<IReadOnlyList<double>> LossCurvesOf(int number) =>
        [.. reports.CurvesOf(number).Select(curve => (double[])[.. curve.Select(value => -value)])];
}
