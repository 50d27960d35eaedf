using System.Text;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Wandb;

/// <summary>A sweep as a file for W&amp;B Sweeps: what its schema takes, spelled so that PyYAML reads it the same.</summary>
/// <param name="Yaml">The file's text.</param>
/// <param name="Lost">What W&amp;B has no words for, and what it will refuse all the same; a sentence each.</param>
public sealed record WandbExport(string Yaml, ImmutableArray<string> Lost)
{
    /// <summary>Writes the sweep as W&amp;B reads it, and says what of it is lost.</summary>
    public static WandbExport Of(SweepDefinition sweep)
    {
        var lost = new List<string>();
        var file = new List<KeyValuePair<string, object>>();
        Add("program", ParameterValue.Of(sweep.Program));
        Add("name", ParameterValue.Of(sweep.Name));
        Add("description", sweep.Description is { } description ? ParameterValue.Of(description) : null);
        Add("method", ParameterValue.Of(Method(sweep, lost)));
        Add("metric", Metric(sweep.Metric));
        if (sweep.Metrics.Length > 1)
        {
            lost.Add($"of 'metrics' the first is written, {sweep.Metric.Name}: W&B takes several only with method: custom");
        }

        Add("early_terminate", Hyperband(sweep, lost));
        Add("run_cap", sweep.RunCap is { } cap ? ParameterValue.Of((long)cap) : null);
        Add("command", sweep.Command.IsEmpty ? null : ParameterValue.ListOf(sweep.Command.Select(ParameterValue.Of)));
        Add("parameters", Group([.. sweep.Space.Dimensions], 0).Concat(Seeds(sweep, lost)).ToList());
        lost.AddRange(Unsaid(sweep));
        var text = new StringBuilder("# A sweep for W&B: wandb sweep FILE\n");
        Append(text, file, "");
        lost.AddRange(Refusals(text.ToString()));
        return new WandbExport(text.ToString(), [.. lost]);

        void Add(string key, object? value)
        {
            if (value is not null)
            {
                file.Add(new(key, value));
            }
        }
    }

    private static string Method(SweepDefinition sweep, List<string> lost)
    {
        var method = sweep.Method switch
        {
            "grid" or "random" or "bayes" => sweep.Method,
            "sobol" => "random",
            _ => "bayes",
        };
        if (method != sweep.Method && sweep.Method != "tpe")
        {
            lost.Add($"method '{sweep.Method}' is written as {method}");
        }

        return method;
    }

    private static ParameterValue Metric(MetricGoal metric)
    {
        var items = new List<KeyValuePair<string, ParameterValue>>
        {
            new("name", ParameterValue.Of(metric.Name)),
            new("goal", ParameterValue.Of(metric.Maximize ? "maximize" : "minimize")),
        };
        if (metric.Target is { } target)
        {
            items.Add(new("target", ParameterValue.Of(target)));
        }

        return ParameterValue.MapOf(items);
    }

    private static ParameterValue? Hyperband(SweepDefinition sweep, List<string> lost)
    {
        if (sweep.EarlyTerminate is not { } pruner) return null;

        if (pruner.Type != "hyperband")
        {
            lost.Add($"early_terminate of type '{pruner.Type}' is left out: W&B has hyperband only");
            return null;
        }

        return ParameterValue.MapOf(pruner.Settings.Prepend(new("type", ParameterValue.Of(pruner.Type))));
    }

    private static List<KeyValuePair<string, object>> Group(List<Dimension> dimensions, int depth) => dimensions
        .GroupBy(dimension => dimension.Path[depth], StringComparer.Ordinal)
        .Select(group => new KeyValuePair<string, object>(
            group.Key,
            group.First().Path.Length == depth + 1
                ? ParameterValue.MapOf(Keys(group.First().Distribution))
                : new List<KeyValuePair<string, object>> { new("parameters", Group([.. group], depth + 1)) }))
        .ToList();

    /// <summary>Under several seeds the seed is one more parameter of a grid.</summary>
    private static IEnumerable<KeyValuePair<string, object>> Seeds(SweepDefinition sweep, List<string> lost)
    {
        if (sweep.Seeds.Base is not { } first) return [];

        if (sweep.Seeds.Count > 1 && sweep.Method != "grid")
        {
            lost.Add($"'seeds' is left out: W&B's {Method(sweep, [])} cannot try one configuration under {sweep.Seeds.Count} seeds");
            return [];
        }

        var seeds = Enumerable.Range(0, sweep.Seeds.Count).Select(i => ParameterValue.Of(first + i)).ToImmutableArray();
        return [new(TrainableDescription.Seed,
            ParameterValue.MapOf(Keys(seeds is [var only] ? new Constant(only) : new Categorical(seeds))))];
    }

    private static IEnumerable<KeyValuePair<string, ParameterValue>> Keys(Distribution distribution) => distribution switch
    {
        Constant constant => [new("value", constant.Value)],
        Categorical list => [new("values", ParameterValue.ListOf(list.Values))],
        WeightedCategorical list => [new("values", ParameterValue.ListOf(list.Values)),
            new("probabilities", ParameterValue.ListOf(list.Probabilities.Select(ParameterValue.Of)))],
        IntegerUniform range => Kind("int_uniform", ("min", ParameterValue.Of(range.Min)), ("max", ParameterValue.Of(range.Max))),
        Uniform range => Kind("uniform", ("min", ParameterValue.Of(range.Min)), ("max", ParameterValue.Of(range.Max))),
        LogUniformValues range => Kind("log_uniform_values", ("min", ParameterValue.Of(range.Min)), ("max", ParameterValue.Of(range.Max))),
        // The same draws: W&B calls the kinds whose ends are exponents deprecated.
        LogUniform range => Keys(new LogUniformValues(Math.Exp(range.MinExponent), Math.Exp(range.MaxExponent))),
        InverseLogUniform range => Keys(new LogUniformValues(Math.Exp(-range.MaxExponent), Math.Exp(-range.MinExponent))),
        Normal normal => Kind("normal", ("mu", ParameterValue.Of(normal.Mu)), ("sigma", ParameterValue.Of(normal.Sigma))),
        LogNormal normal => Kind("log_normal", ("mu", ParameterValue.Of(normal.Mu)), ("sigma", ParameterValue.Of(normal.Sigma))),
        Beta beta => Kind("beta", ("a", ParameterValue.Of(beta.A)), ("b", ParameterValue.Of(beta.B))),
        Quantized quantized => Quantize(quantized),
        _ => throw new InvalidOperationException($"W&B has no '{distribution.Name}'"),
    };

    private static IEnumerable<KeyValuePair<string, ParameterValue>> Quantize(Quantized quantized)
    {
        foreach (var (key, value) in Keys(quantized.Inner))
        {
            yield return key switch
            {
                "distribution" => new(key, ParameterValue.Of("q_" + value.AsText())),
                "min" when quantized.Inner is Uniform range && quantized.MinIsInteger && Math.Abs(range.Min) < 1e15 => new(
                    key, ParameterValue.Of((long)range.Min)),
                _ => new(key, value),
            };
        }

        yield return new("q", quantized.IsInteger ? ParameterValue.Of((long)quantized.Q) : ParameterValue.Of(quantized.Q));
    }

    private static IEnumerable<KeyValuePair<string, ParameterValue>> Kind(string name, params (string Key, ParameterValue Value)[] keys) =>
        keys.Select(key => KeyValuePair.Create(key.Key, key.Value)).Prepend(new("distribution", ParameterValue.Of(name)));

    private static IEnumerable<string> Unsaid(SweepDefinition sweep)
    {
        if (!sweep.Space.Constraints.IsEmpty)
        {
            yield return "constraints are left out: W&B will run configurations that break them, such as "
                + $"{sweep.Space.Constraints[0].Require}";
        }

        if (sweep.Space.Dimensions.FirstOrDefault(dimension => dimension.When is not null) is { } conditional)
        {
            yield return $"'when' is left out: W&B gives '{conditional.Name}' a value in every run";
        }

        if (!sweep.Space.Zips.IsEmpty)
        {
            yield return "'zip' is left out: W&B will combine every value with every other";
        }

        if (sweep.Confirm is not null)
        {
            yield return "'confirm' is left out: W&B runs no configuration again";
        }

        if (sweep.Baseline is not null)
        {
            yield return "'baseline' is left out: W&B does not try the defaults first";
        }

        if (sweep.Enqueue.Length - (sweep.Baseline is null ? 0 : 1) is var enqueued and > 0)
        {
            yield return $"'enqueue' is left out: {Plural.Of(enqueued, "configuration")} to be tried first";
        }

        foreach (var (key, isGiven) in new[]
        {
            ("env", !sweep.ProgramSettings.Environment.IsEmpty), ("shim", sweep.ProgramSettings.Shim != default),
            ("metrics_pattern", sweep.ProgramSettings.MetricsPattern is not null),
        })
        {
            if (isGiven) yield return $"'{key}' is left out";
        }

        if (sweep.Limits != new SweepLimits())
        {
            yield return "'limits' are left out";
        }

        if (Trainables.TrainableCatalog.Find(sweep.Program) is not null)
        {
            yield return $"program '{sweep.Program}' is built in here: name a script that takes these parameters";
        }
    }

    private static IEnumerable<string> Refusals(string yaml)
    {
        var bag = new DiagnosticBag();
        if (YamlReader.Read(SourceText.Of(yaml), bag) is FileMap file)
        {
            new WandbSchema(bag).Check(file);
        }

        return bag.InFileOrder().Select(finding => $"W&B will refuse line {finding.Line}: {finding.Message}");
    }

    private static void Append(StringBuilder text, IEnumerable<KeyValuePair<string, object>> map, string indent)
    {
        foreach (var (key, value) in map)
        {
            text.Append(indent).Append(ParameterValue.Of(key) is var name && IsBare(key) ? key : name.ToJson()).Append(':');
            if (value is ParameterValue { Kind: ParameterKind.Map } keys && keys.AsMap().Length > 0)
            {
                text.Append('\n');
                foreach (var (inner, item) in keys.AsMap())
                {
                    text.Append(CultureInfo.InvariantCulture, $"{indent}  {inner}: {Flow(item)}\n");
                }
            }
            else if (value is ParameterValue scalar)
            {
                text.Append(' ').Append(Flow(scalar)).Append('\n');
            }
            else if (value is List<KeyValuePair<string, object>> { Count: 0 })
            {
                text.Append(" {}\n");
            }
            else
            {
                text.Append('\n');
                Append(text, (List<KeyValuePair<string, object>>)value, indent + "  ");
            }
        }
    }

    /// <summary>Whether the key needs no quotes under either version of YAML.</summary>
    private static bool IsBare(string key) =>
        char.IsAsciiLetter(key[0]) && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
        && Yaml11.Read(new FileScalar(SourceSpan.Start, key, IsPlain: true, TextOffset: 0)) is { Kind: ParameterKind.Text };

    private static string Flow(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Real => Yaml11.Real(value.AsReal()),
        ParameterKind.List => $"[{string.Join(", ", value.AsList().Select(Flow))}]",
        ParameterKind.Map => "{" + string.Join(
            ", ", value.AsMap().Select(item => $"{ParameterValue.Of(item.Key).ToJson()}: {Flow(item.Value)}")) + "}",
        ParameterKind.Text when IsPlainWord(value.AsText()) => value.AsText(),
        _ => value.ToJson(),
    };

    private static bool IsPlainWord(string text) => text.Length > 0 && IsBare(text);
}
