using System.Text.RegularExpressions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>What is ranked on: the file's metric with W&amp;B's default goal, or the program's own.</summary>
/// <param name="needsValues">Whether the method or the pruner cannot do without.</param>
internal sealed partial class MetricReader(
    IReadOnlyList<ReadDimension> dimensions, TrainableDescription trainable, bool needsValues, DiagnosticBag bag)
{
    /// <summary>Ranked on where a user's program reports it and the file does not say.</summary>
    private const string Usual = "loss";

    /// <summary>The key of a report that numbers it.</summary>
    private const string EpochKey = "epoch";

    /// <summary>As many as the view <c>pareto</c> compares.</summary>
    private const int MaxMetrics = 4;

    private static readonly ImmutableHashSet<string> Larger =
        [.. ("acc accuracy auc auroc auprc ap map precision recall sensitivity specificity f1 fscore iou miou dice jaccard mcc kappa r2 "
            + "bleu rouge meteor cider psnr ssim ndcg mrr hits reward return score throughput correct likelihood elbo").Split(' ')];

    private static readonly ImmutableHashSet<string> Smaller = [.. "loss error err regret negative neg nll gap".Split(' ')];

    /// <summary>The first is what is ranked on; none after an error.</summary>
    public ImmutableArray<MetricGoal> Read(Section root, SamplerEntry? method)
    {
        if (root.Find("metrics") is null)
        {
            if (method is { NeedsSeveralMetrics: true })
            {
                bag.Error(DiagnosticCodes.Missing, root.SpanOf("method"),
                    $"method '{method.Name}' searches for compromises: it needs 'metrics', two or more",
                    help: SweepKeys.Find("metrics")!.Example);
            }

            return ReadOne(root) is { } metric ? [metric] : [];
        }

        if (root.Find("metric") is { } one)
        {
            bag.Error(DiagnosticCodes.Contradiction, one.Key.Span, "'metric' and 'metrics' cannot both be given", help: "keep one of them");
        }

        if (method is { IsAdaptive: true, TakesSeveralMetrics: false })
        {
            bag.Error(DiagnosticCodes.Contradiction, root.Find("metrics")!.Key.Span, $"method '{method.Name}' searches with one metric",
                help: "give metric instead, or use method: auto, bayes or nsga2");
        }

        var goals = root.Items("metrics").Select(One).OfType<MetricGoal>().ToImmutableArray();
        if (!bag.HasErrors && goals.Select(goal => goal.Name).Distinct().Count() < Math.Max(2, goals.Length))
        {
            bag.Error(DiagnosticCodes.Metric, root.SpanOf("metrics"), "'metrics' takes two or more different metrics",
                help: SweepKeys.Find("metrics")!.Example);
        }

        if (goals.Length > MaxMetrics)
        {
            bag.Error(DiagnosticCodes.Metric, root.SpanOf("metrics"), $"'metrics' takes at most {MaxMetrics} metrics, not {goals.Length}",
                "of more nearly every configuration is the best compromise");
        }

        return goals;
    }

    private MetricGoal? One(FileNode node)
    {
        if (Section.Open(node, "metrics", bag) is not { } metric) return null;

        var goal = metric.Choice("goal");
        if (metric.Text("name") is not { } name)
        {
            bag.Error(DiagnosticCodes.Missing, metric.Span, "each of 'metrics' needs a 'name'", help: SweepKeys.Find("metrics")!.Example);
            return null;
        }

        CheckName(name, metric);
        return new MetricGoal(name, goal == "maximize");
    }

    private MetricGoal? ReadOne(Section root)
    {
        if (root.Find("metric") is null)
        {
            if (trainable.Metric is not { } name)
            {
                if (needsValues)
                {
                    bag.Error(DiagnosticCodes.Missing, SourceSpan.Start,
                        $"'metric' is missing: it is not known what program '{trainable.Name}' reports",
                        help: SweepKeys.Find("metric")!.Example);
                    return null;
                }

                if (trainable.Name.Length == 0) return null; // that it is missing is said

                // W&B takes a grid or random file without one; nothing but the ranking is lost.
                bag.Warning(DiagnosticCodes.WithoutMetric, SourceSpan.Start,
                    $"'metric' is missing: trials are ranked on '{Usual}', minimised, where program '{trainable.Name}' reports it",
                    help: SweepKeys.Find("metric")!.Example);
                return new MetricGoal(Usual, false);
            }

            return new MetricGoal(Holdouts() is [0] ? trainable.Holdout!.Other(name) : name, trainable.Maximize);
        }

        if (root.Inner("metric") is not { } metric) return null;

        var goal = metric.Choice("goal");
        var target = metric.Real("target");
        if (metric.Find("name") is null)
        {
            bag.Error(DiagnosticCodes.Missing, metric.Span, "'metric' needs a 'name'", help: SweepKeys.Find("metric")!.Example);
        }

        if (metric.Text("name") is not { } given) return null;

        CheckName(given, metric);
        return new MetricGoal(given, goal == "maximize", target);
    }

    private void CheckName(string name, Section metric)
    {
        if (name == EpochKey)
        {
            bag.Error(DiagnosticCodes.Metric, metric.SpanOf("name"), $"'{EpochKey}' is the number of the report and cannot be a metric",
                help: "name a metric that the program reports besides");
            return;
        }

        if (metric.Find("goal") is null && IsBetterWhenLarger(name))
        {
            bag.Warning(DiagnosticCodes.Minimised, metric.SpanOf("name"),
                $"'{name}' is minimised: W&B's default goal applies when 'metric' is written", help: "add goal: maximize");
        }

        if (trainable.Metrics.IsEmpty) return;

        var known = trainable.Metrics
            .AddRange(DerivedMetric.All.Where(derived => derived != DerivedMetric.Parameters || trainable.TellsParameters));
        if (!known.Contains(name))
        {
            bag.Error(DiagnosticCodes.Metric, metric.SpanOf("name"), $"program '{trainable.Name}' reports no '{name}'",
                help: NearestName.Suggest(name, known));
            return;
        }

        if (trainable.Holdout is { } holdout)
        {
            CheckHoldout(name, holdout, Holdouts(), metric);
        }
    }

    private void CheckHoldout(string name, HoldoutMetrics metrics, ImmutableArray<long> holdouts, Section metric)
    {
        var (key, other) = (metrics.Parameter.Name, metrics.Other(name));
        if (name.StartsWith(metrics.Test, StringComparison.Ordinal) && holdouts.Any(holdout => holdout != 0))
        {
            bag.Error(DiagnosticCodes.Metric, metric.SpanOf("name"), $"'{name}' is reported after every epoch only with {key} 0",
                $"with a {key} the test set is evaluated once, at the end", $"rank on '{other}', or set {key}: {{value: 0}}");
        }
        else if (name.StartsWith(metrics.Validation, StringComparison.Ordinal) && holdouts.Contains(0))
        {
            bag.Error(DiagnosticCodes.Metric, metric.SpanOf("name"), $"'{name}' needs a {key}, and {key} is 0",
                "there are no validation images", $"rank on '{other}', or give a {key}");
        }
    }

    /// <summary>By its words, as in <c>val/acc@1</c> and <c>testAUC</c>; an error or a loss of such a thing is better when smaller.</summary>
    private static bool IsBetterWhenLarger(string name)
    {
        var words = Words().Matches(name).Select(match => match.Value.ToLowerInvariant())
            .SelectMany(word => new[] { word, word.TrimEnd("0123456789".ToCharArray()) }).ToList();
        return Larger.Overlaps(words) && !Smaller.Overlaps(words);
    }

    /// <summary>The values that the program's holdout can have, the ends of a range.</summary>
    private ImmutableArray<long> Holdouts()
    {
        if (trainable.Holdout?.Parameter is not { } parameter) return [];

        var distribution = dimensions.FirstOrDefault(dimension => dimension.Name == parameter.Name)?.Distribution ?? new Constant(
            parameter.Default!);
        return [.. distribution.Ends.Where(end => end?.Kind == ParameterKind.Integer).Select(end => end!.AsInteger()).Distinct()];
    }

    /// <summary>A capital begins a word unless it follows another: <c>valAcc</c> is two, <c>testAUC</c> too.</summary>
    [GeneratedRegex("[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z]+[0-9]*", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
