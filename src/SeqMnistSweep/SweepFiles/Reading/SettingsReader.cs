using System.Collections.Immutable;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>How trials are run: seeds, resources, limits, retries, checkpoints, pruning.</summary>
internal sealed class SettingsReader(Section root, DiagnosticBag bag)
{
    private const long DefaultBaseSeed = 1111;
    private const int MaxSeeds = 10_000;

    public SeedPlan Seeds(IEnumerable<ReadDimension> dimensions)
    {
        if (root.Inner("seeds") is not { } seeds)
        {
            return new SeedPlan(1, null);
        }

        if (dimensions.FirstOrDefault(dimension => dimension.Name == "seed") is { } seed)
        {
            bag.Error(DiagnosticCodes.SeedTwice, root.Find("seeds")!.Key.Span, "'seeds' and a parameter 'seed' cannot both be given", $"the parameter is on line {seed.Key.Span.Line}", "keep 'seeds' to average over seeds, or the parameter to choose them yourself");
        }

        var first = seeds.Integer("base") ?? DefaultBaseSeed;
        var count = seeds.Integer("count", MaxSeeds) ?? 1;
        if (first > long.MaxValue - count)
        {
            bag.Error(DiagnosticCodes.OutOfRange, seeds.SpanOf("base"), $"'seeds.base' ({first}) leaves no room for {count} seeds");
        }

        return new SeedPlan((int)count, first);
    }

    public ResourceNeeds Resources() => root.Inner("resources") is { } resources
        ? new ResourceNeeds((int)(resources.Integer("threads", 1024) ?? 1), resources.Size("gpu_memory"))
        : new ResourceNeeds();

    public SweepLimits Limits() => root.Inner("limits") is { } limits
        ? new SweepLimits(limits.Duration("trial_time"), limits.Duration("sweep_time"), limits.Int32("max_failures"), limits.Int32("max_parallel"))
        : new SweepLimits();

    public RetryPolicy Retry()
    {
        var policy = new RetryPolicy();
        if (root.Inner("retry") is not { } retry)
        {
            return policy;
        }

        return policy with
        {
            Max = (int)(retry.Integer("max", 1000) ?? policy.Max),
            Backoff = retry.Duration("backoff") ?? policy.Backoff,
            On = retry.Find("on") is null ? policy.On : Causes(retry),
        };
    }

    public CheckpointPolicy Checkpoint()
    {
        if (root.Inner("checkpoint") is not { } checkpoint)
        {
            return new CheckpointPolicy();
        }

        var keep = checkpoint.Choice("keep") switch
        {
            "none" => CheckpointKeep.None,
            "all" => CheckpointKeep.All,
            _ => CheckpointKeep.Last,
        };
        return new CheckpointPolicy(checkpoint.Int32("every") ?? 1, keep);
    }

    public EarlyTermination? EarlyTerminate()
    {
        if (root.Node("early_terminate") is not { } node)
        {
            return null;
        }

        if (node is not FileMap map)
        {
            bag.Error(DiagnosticCodes.WrongType, node.Span, $"'early_terminate' takes a mapping, not {node.Kind}", help: SweepKeys.Find("early_terminate")!.Example);
            return null;
        }

        var available = string.Join(", ", PrunerSettings.All.Select(pruner => pruner.Name));
        if (map.Find("type")?.Value is not { } typeNode)
        {
            bag.Error(DiagnosticCodes.Missing, node.Span, "'early_terminate' needs a 'type'", help: "there is: " + available);
            return null;
        }

        var name = (typeNode as FileScalar)?.Text ?? "";
        if (PrunerSettings.NotYet.Contains(name))
        {
            bag.Error(DiagnosticCodes.PrunerNotYet, typeNode.Span, $"early_terminate type '{name}' is not in this version", help: "there is: " + available);
        }
        else if (PrunerSettings.Find(name) is { } pruner)
        {
            return new EarlyTermination(name, Settings(pruner, map));
        }
        else
        {
            bag.Error(DiagnosticCodes.Pruner, typeNode.Span, $"'early_terminate.type' takes {available}, not {typeNode.Kind}");
        }

        return null;
    }

    private ImmutableArray<FailureCause> Causes(Section retry)
    {
        var allowed = SweepKeys.Find("retry.on")!.Choices;
        var causes = ImmutableArray.CreateBuilder<FailureCause>();
        foreach (var item in retry.Texts("on"))
        {
            if (allowed.Contains(item.Text) && Enum.TryParse<FailureCause>(item.Text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var cause))
            {
                causes.Add(cause);
            }
            else
            {
                bag.Error(DiagnosticCodes.NotAChoice, item.Span, $"'retry.on' takes {string.Join(", ", allowed)}, not '{item.Text}'", help: NearestName.Of(item.Text, allowed) is { } near ? $"did you mean '{near}'?" : null);
            }
        }

        return [.. causes.Distinct()];
    }

    private ParameterSet Settings(PrunerType pruner, FileMap map)
    {
        foreach (var entry in map.Entries.Where(entry => entry.Name != "type"))
        {
            if (pruner.Find(entry.Name) is not { } setting)
            {
                bag.Error(DiagnosticCodes.UnknownKey, entry.Key.Span, $"unknown key '{entry.Name}'", $"'{pruner.Name}' has no such setting", NearestName.Suggest(entry.Name, [.. pruner.Settings.Select(s => s.Name)]));
            }
            else if (entry.Value.ToValue() is not { } value || !setting.IsAccepted(value))
            {
                bag.Error(DiagnosticCodes.OutOfRange, entry.Value.Span, $"'early_terminate.{setting.Name}' takes {setting.Accepts}, not {entry.Value.Kind}");
            }
        }

        foreach (var setting in pruner.Settings.Where(setting => setting.IsRequired && map.Find(setting.Name) is null))
        {
            bag.Error(DiagnosticCodes.Missing, map.Span, $"'{pruner.Name}' needs '{setting.Name}'", help: $"it takes {setting.Accepts}");
        }

        return new ParameterSet(pruner.Settings
            .Select(setting => KeyValuePair.Create(setting.Name, map.Find(setting.Name)?.Value.ToValue() ?? setting.Default))
            .Where(pair => pair.Value is not null)!);
    }
}
