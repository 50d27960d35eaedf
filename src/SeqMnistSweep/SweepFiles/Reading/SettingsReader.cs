using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>How trials are run: seeds, resources, limits, retries, checkpoints, pruning.</summary>
internal sealed class SettingsReader(Section root, DiagnosticBag bag)
{
    public SeedPlan Seeds(IEnumerable<ReadDimension> dimensions)
    {
        if (root.Inner("seeds") is not { } seeds) return new SeedPlan(1, null);

        if (dimensions.FirstOrDefault(dimension => dimension.Name == TrainableDescription.Seed) is { } seed)
        {
            bag.Error(DiagnosticCodes.SeedTwice, root.Find("seeds")!.Key.Span, "'seeds' and a parameter 'seed' cannot both be given",
                $"the parameter is on line {seed.Key.Span.Line}",
                "keep 'seeds' to average over seeds, or the parameter to choose them yourself");
        }

        var first = seeds.Integer("base") ?? TrainableDescription.DefaultSeed;
        var count = seeds.Int32("count") ?? 1;
        if (first > long.MaxValue - count)
        {
            bag.Error(DiagnosticCodes.OutOfRange, seeds.SpanOf("base"), $"'seeds.base' ({first}) leaves no room for {count} seeds");
        }

        return new SeedPlan(count, first);
    }

    public ConfirmPlan? Confirm(SeedPlan searched)
    {
        if (root.Inner("confirm") is not { } confirm) return null;

        var usual = new ConfirmPlan();
        var plan = new ConfirmPlan(confirm.Int32("top") ?? usual.Top, confirm.Int32("seeds") ?? usual.Seeds);
        if (searched.Base > long.MaxValue - FreshSeeds.Distance - FreshSeeds.MaxCount)
        {
            bag.Error(DiagnosticCodes.OutOfRange, root.SpanOf("seeds"), $"'seeds.base' ({searched.Base}) leaves no room for fresh seeds");
        }

        return plan;
    }

    /// <summary>What can be judged of a whole definition only.</summary>
    public void CheckConfirm(SweepDefinition definition)
    {
        if (definition.Confirm is not null && ConfirmPlan.WhyNot(definition) is { } why)
        {
            bag.Error(DiagnosticCodes.Contradiction, root.Find("confirm")!.Key.Span, $"the best cannot be confirmed: {why}",
                help: "remove confirm");
        }
    }

    public ResourceNeeds Resources(TrainableDescription trainable)
    {
        if (root.Inner("resources") is not { } resources) return new ResourceNeeds();

        var gpus = resources.Int32("gpus");
        if (gpus > 1 && TrainableCatalog.IsBuiltIn(trainable.Name))
        {
            bag.Error(DiagnosticCodes.Contradiction, resources.SpanOf("gpus"), $"'{trainable.Name}' trains on one GPU, not on {gpus}",
                help: "several trials at a time: one worker for each GPU, seqsweep worker --devices all");
        }

        return new ResourceNeeds(resources.Int32("threads") ?? 1, resources.Size("gpu_memory"), gpus);
    }

    public SweepLimits Limits() => root.Inner("limits") is { } limits
        ? new SweepLimits(
            limits.Duration("trial_time"), limits.Duration("sweep_time"), limits.Int32("max_failures"), limits.Int32("max_parallel"),
            limits.Integer("epochs"), limits.Real("slot_hours"), limits.Duration("grace"),
            limits.Int32("stagnation"), limits.Real("expected_improvement"))
        : new SweepLimits();

    public RetryPolicy Retry()
    {
        var policy = new RetryPolicy();
        if (root.Inner("retry") is not { } retry) return policy;

        return policy with
        {
            Max = retry.Int32("max") ?? policy.Max,
            IsGiven = retry.Find("max") is not null,
            Backoff = retry.Duration("backoff") ?? policy.Backoff,
            On = retry.Find("on") is null ? policy.On : Causes(retry),
        };
    }

    public CheckpointPolicy Checkpoint()
    {
        if (root.Inner("checkpoint") is not { } checkpoint) return new CheckpointPolicy();

        var keep = checkpoint.Choice("keep") switch
        {
            "none" => CheckpointKeep.None,
            "best" => CheckpointKeep.Best,
            "all" => CheckpointKeep.All,
            _ => CheckpointKeep.Last,
        };
        return new CheckpointPolicy(checkpoint.Int32("every") ?? 1, keep);
    }

    public EarlyTermination? EarlyTerminate()
    {
        if (root.Node("early_terminate") is not { } node) return null;

        if (node is not FileMap map)
        {
            bag.Error(DiagnosticCodes.WrongType, node.Span, $"'early_terminate' takes a mapping, not {node.Kind}",
                help: SweepKeys.Find("early_terminate")!.Example);
            return null;
        }

        var available = string.Join(", ", PrunerCatalog.All.Select(pruner => pruner.Name));
        if (map.Find("type")?.Value is not { } typeNode)
        {
            bag.Error(DiagnosticCodes.Missing, node.Span, "'early_terminate' needs a 'type'", help: "there is: " + available);
            return null;
        }

        var name = (typeNode as FileScalar)?.Text ?? "";
        if (PrunerCatalog.Find(name) is { } pruner) return new EarlyTermination(name, Settings(pruner, map));

        bag.Error(DiagnosticCodes.Pruner, typeNode.Span, $"'early_terminate.type' takes {available}, not {typeNode.Kind}");
        return null;
    }

    public PopulationPlan Population(SamplerEntry? method)
    {
        if (method?.Pruner is null)
        {
            if (root.Find("pbt") is { } stray && method is not null)
            {
                bag.Error(DiagnosticCodes.Contradiction, stray.Key.Span, $"'pbt' goes with 'method: pbt', not with '{method.Name}'",
                    help: "remove it");
            }

            return new PopulationPlan();
        }

        if (root.Find("run_cap") is null)
        {
            bag.Error(DiagnosticCodes.Missing, root.SpanOf("method"), $"'{method.Name}' needs 'run_cap': the size of its population",
                help: "add run_cap: 12");
        }

        if (root.Find("early_terminate") is { } other)
        {
            bag.Error(DiagnosticCodes.Contradiction, other.Key.Span, $"'{method.Name}' decides itself who goes on",
                help: "remove early_terminate");
        }

        if (root.Inner("seeds")?.Integer("count") > 1)
        {
            bag.Error(DiagnosticCodes.Contradiction, root.Find("seeds")!.Key.Span, $"'{method.Name}' trains every member under one seed",
                help: "remove seeds.count; run the sweep again with another sampler_seed instead");
        }

        var plan = new PopulationPlan();
        return root.Inner("pbt") is { } pbt
            ? new PopulationPlan(
                pbt.Int32("interval") ?? plan.Interval, Share(pbt, "quantile", 0.5, openMin: true) ?? plan.Quantile,
                Share(pbt, "resample", 1, openMin: false) ?? plan.Resample)
            : plan;
    }

    private double? Share(Section section, string key, double max, bool openMin)
    {
        var share = section.Real(key);
        if (share is { } number && !(number >= 0 && number <= max && (number > 0 || !openMin)))
        {
            bag.Error(DiagnosticCodes.OutOfRange, section.SpanOf(key),
                $"'pbt.{key}' takes {SweepKeys.Find("pbt." + key)!.Type}, not {section.Node(key)!.Kind}");
            return null;
        }

        return share;
    }

    private ImmutableArray<FailureCause> Causes(Section retry)
    {
        var allowed = SweepKeys.Find("retry.on")!.Choices;
        var causes = ImmutableArray.CreateBuilder<FailureCause>();
        foreach (var item in retry.Texts("on"))
        {
            if (allowed.Contains(item.Text)
                && Enum.TryParse<FailureCause>(item.Text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var cause))
            {
                causes.Add(cause);
            }
            else
            {
                bag.Error(DiagnosticCodes.NotAChoice, item.Span, $"'retry.on' takes {string.Join(", ", allowed)}, not '{item.Text}'",
                    help: NearestName.Of(item.Text, allowed) is { } near ? $"did you mean '{near}'?" : null);
            }
        }

        return [.. causes.Distinct()];
    }

    private ParameterSet Settings(PrunerType pruner, FileMap map)
    {
        var isSound = true;
        foreach (var entry in map.Entries.Where(entry => entry.Name != "type"))
        {
            if (pruner.Find(entry.Name) is not { } setting)
            {
                isSound = false;
                bag.Error(DiagnosticCodes.UnknownKey, entry.Key.Span, $"unknown key '{entry.Name}'", $"'{pruner.Name}' has no such setting",
                    NearestName.Suggest(entry.Name, [.. pruner.Settings.Select(s => s.Name)]));
            }
            else if (entry.Value.ToValue() is not { } value || !setting.IsAccepted(value))
            {
                isSound = false;
                bag.Error(DiagnosticCodes.OutOfRange, entry.Value.Span,
                    $"'early_terminate.{setting.Name}' takes {setting.Accepts}, not {entry.Value.Kind}");
            }
        }

        var settings = new ParameterSet(pruner.Settings
            .Select(setting => KeyValuePair.Create(setting.Name, map.Find(setting.Name)?.Value.ToValue()))
            .Where(pair => pair.Value is not null)!);
        if (isSound && pruner.Problem(settings) is (var problem, var fix))
        {
            bag.Error(DiagnosticCodes.Contradiction, map.Span, problem, help: fix);
        }
        else if (isSound && pruner.Idle(settings) is { } idle)
        {
            bag.Warning(DiagnosticCodes.Idle, map.Span, idle);
        }

        return settings;
    }
}
