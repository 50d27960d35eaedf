using System.Text.RegularExpressions;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Wandb;

/// <summary>What the JSON schema of W&amp;B Sweeps (wandb/sweeps, config/schema.json of 2026-08) refuses of a file, with the checks that
/// W&amp;B makes beside it: <c>min</c> below <c>max</c>, probabilities that fit, no deprecated distribution. Scalars count as PyYAML reads
/// them.</summary>
internal sealed partial class WandbSchema(DiagnosticBag bag)
{
    private static readonly string[] Methods = ["grid", "random", "bayes", "custom"];
    private static readonly string[] Texts =
        ["apiVersion", "kind", "description", "program", "job", "image_uri", "entity", "project", "name"];
    private static readonly string[] Others =
        ["method", "controller", "command", "run_cap", "metric", "metrics", "scheduler", "early_terminate", "parameters"];
    private static readonly string[] Whens = ["latest", "best", "worst"];

    public void Check(FileMap file)
    {
        foreach (var (key, value) in file.Entries)
        {
            if (Texts.Contains(key.Text))
            {
                RequireText(key.Text, value);
            }
            else if (!Others.Contains(key.Text))
            {
                Refuse(key, $"W&B has no key '{key.Text}'");
            }
        }

        OneOf(file, "method", Methods);
        OneOf(file, "kind", ["sweep"]);
        if (file.Find("method") is null)
        {
            Refuse(file, "W&B needs a 'method'");
        }

        Require(file, "run_cap", cap => WholeOf(cap) > 0, "an integer above 0");
        Require(file, "command", command => command is FileList, "a list");
        CheckMetrics(file);
        CheckHyperband(file);
        CheckScheduler(file);
        if (file.Find("parameters") is { } parameters)
        {
            CheckParameters(parameters.Value);
        }
        else if (file.Find("scheduler") is null)
        {
            Refuse(file, "W&B needs 'parameters'");
        }
    }

    private void CheckMetrics(FileMap file)
    {
        if (file.Find("metric")?.Value is { } metric)
        {
            CheckMetric(metric);
        }
        else if (Text(file.Find("method")?.Value) == "bayes")
        {
            Refuse(file.Find("method")!.Value, "W&B's 'bayes' needs a 'metric'");
        }

        if (file.Find("metrics") is { } metrics)
        {
            if (metrics.Value is not FileList { Items.Length: >= 2 } list || Text(file.Find("method")?.Value) != "custom"
                || file.Find("metric") is not null)
            {
                Refuse(metrics.Key, "W&B takes 'metrics', two or more, only with method: custom and without 'metric'");
            }
            else
            {
                list.Items.ToList().ForEach(CheckMetric);
            }
        }
    }

    private void CheckMetric(FileNode node)
    {
        if (node is not FileMap metric)
        {
            Refuse(node, "'metric' takes a mapping");
            return;
        }

        OnlyKeys(metric, "metric", "name", "goal", "target", "impute", "impute_while_running");
        if (metric.Find("name") is { } name)
        {
            RequireText("metric.name", name.Value);
        }
        else
        {
            Refuse(metric, "'metric' needs a 'name'");
        }

        OneOf(metric, "goal", ["minimize", "maximize"]);
        OneOf(metric, "impute", Whens);
        OneOf(metric, "impute_while_running", [.. Whens, "false"]);
        if (metric.Find("target")?.Value is { } target && NumberOf(target) is null)
        {
            Refuse(target, "'metric.target' takes a number");
        }
    }

    private void CheckHyperband(FileMap file)
    {
        if (file.Find("early_terminate")?.Value is not { } node) return;

        if (node is not FileMap map || Text(map.Find("type")?.Value) != "hyperband")
        {
            Refuse((node as FileMap)?.Find("type")?.Value ?? node, "W&B knows one 'early_terminate', of type hyperband");
            return;
        }

        OnlyKeys(map, "early_terminate", "type", "min_iter", "max_iter", "s", "eta", "strict");
        var whole = map.Find("min_iter") is not null || (map.Find("max_iter") is not null && map.Find("s") is not null);
        if (!whole)
        {
            Refuse(map, "'hyperband' takes min_iter, or max_iter and s");
        }

        Require(map, "min_iter", value => WholeOf(value) >= 1, "an integer of 1 or more");
        Require(map, "max_iter", value => WholeOf(value) is not null, "an integer");
        Require(map, "s", value => NumberOf(value) is not null, "a number");
        Require(map, "eta", value => NumberOf(value) > 1, "a number above 1");
        Require(map, "strict", value => (value as FileScalar) is { } scalar && Yaml11.Read(scalar)?.Kind == ParameterKind.Boolean,
            "true or false");
        if (map.Find("min_iter") is not null && map.Find("max_iter") is { } both && map.Find("s") is null)
        {
            Refuse(both.Key, "W&B's hyperband fails on min_iter and max_iter without s, although its schema takes them");
        }

        if (map.Find("s")?.Value is FileScalar steps && Yaml11.Read(steps)?.Kind == ParameterKind.Real)
        {
            Refuse(steps, "W&B's hyperband fails on an 's' with a point, although its schema takes it");
        }
    }

    private void CheckScheduler(FileMap file)
    {
        if (file.Find("scheduler")?.Value is FileMap scheduler)
        {
            OnlyKeys(scheduler, "scheduler", "engine", "source", "optimizer", "search_space");
            OneOf(scheduler, "engine", ["optuna", "ax", "wandb"]);
            if (scheduler.Find("engine") is null)
            {
                Refuse(scheduler, "'scheduler' needs an 'engine'");
            }
        }

        if (file.Find("controller")?.Value is FileMap controller)
        {
            OneOf(controller, "type", ["local", "cloud"]);
        }
    }

    private void CheckParameters(FileNode node)
    {
        if (node is not FileMap { Entries.Length: > 0 } parameters)
        {
            Refuse(node, "'parameters' takes a mapping with one parameter or more");
            return;
        }

        foreach (var (key, value) in parameters.Entries)
        {
            if (!Name().IsMatch(key.Text) || Yaml11.Read(key)?.Kind != ParameterKind.Text)
            {
                Refuse(
                    key, $"W&B's names begin with a letter or '_' and go on with letters, digits, '_', '.' and '-', unlike '{key.Text}'");
            }

            if (value is FileMap map && map.Find("parameters") is { } nested)
            {
                OnlyKeys(map, key.Text, "parameters");
                CheckParameters(nested.Value);
            }
            else
            {
                new WandbParameter(key, value, Refuse).Check();
            }
        }
    }

    private void Require(FileMap map, string key, Func<FileNode, bool> holds, string accepted)
    {
        if (map.Find(key)?.Value is { } value && !holds(value))
        {
            Refuse(value, $"'{key}' takes {accepted}");
        }
    }

    private void RequireText(string key, FileNode node)
    {
        if (Text(node) is null)
        {
            Refuse(node, $"'{key}' takes text, which {(node as FileScalar)?.Text ?? node.Kind} is not to W&B");
        }
    }

    private void OneOf(FileMap map, string key, string[] choices)
    {
        if (map.Find(key)?.Value is { } value && !choices.Contains(Text(value)))
        {
            Refuse(value, $"'{key}' takes {string.Join(", ", choices)}");
        }
    }

    private void OnlyKeys(FileMap map, string where, params string[] keys)
    {
        foreach (var entry in map.Entries.Where(entry => !keys.Contains(entry.Name)))
        {
            Refuse(entry.Key, $"W&B has no key '{entry.Name}' in '{where}'");
        }
    }

    private void Refuse(FileNode at, string message) => bag.Warning(DiagnosticCodes.WandbRefuses, at.Span, message);

    internal static string? Text(FileNode? node) =>
        node is FileScalar scalar && Yaml11.Read(scalar) is { Kind: ParameterKind.Text } text ? text.AsText() : null;

    internal static long? IntegerOf(FileNode? node) =>
        node is FileScalar scalar && Yaml11.Read(scalar) is { Kind: ParameterKind.Integer } value ? value.AsInteger() : null;

    /// <summary>A number without a fraction, however it is spelled: what a JSON schema calls an integer.</summary>
    private static double? WholeOf(FileNode? node) => NumberOf(node) is { } number && number == Math.Floor(number) ? number : null;

    internal static double? NumberOf(FileNode? node) =>
        node is FileScalar scalar && Yaml11.Read(scalar) is { IsNumber: true } value ? value.AsReal() : null;

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
