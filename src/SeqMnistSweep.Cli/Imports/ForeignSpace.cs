using System.Text.Json;
using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Results.Optuna;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>A sweep file with the space that runs elsewhere were drawn from: as a study declares it, else as the values look.</summary>
internal static class ForeignSpace
{
    /// <summary>Longer lists of steps are ranges.</summary>
    private const int MostListed = 200;

    /// <summary>From this ratio of the largest to the smallest value on a range is taken for a logarithmic one.</summary>
    private const double Wide = 100;

    private static readonly HashSet<string> Logarithmic = ["LogUniformDistribution", "IntLogUniformDistribution"];

    /// <param name="about">Where it comes from, for people.</param>
    /// <param name="distributions">Those of each parameter that a study had; null for a table.</param>
    /// <exception cref="CommandError">No run has a parameter.</exception>
    public static string Source(
        string name, string about, IReadOnlyList<ForeignRun> runs, ILookup<string, string>? distributions, string metric, bool maximize)
    {
        var seen = new Dictionary<string, List<ParameterValue>>();
        foreach (var (parameter, value) in runs.SelectMany(run => run.Parameters))
        {
            (seen.TryGetValue(parameter, out var known) ? known : seen[parameter] = []).Add(value);
        }

        if (seen.Count == 0)
        {
            throw new CommandError(
                ExitCodes.Usage, "no run has a parameter", "--parameters A,B names the columns; a table of curves alone is for --curves");
        }

        var lines = seen.Select(pair => $"  {Text(pair.Key)}: {Parameter(pair.Value, Declared(distributions, pair.Key))}");
        return $"""
            name: {Plain(name)}
            description: {Text(about)}
            program: ask
            method: bayes
            metric: {"{"}name: {Text(metric)}, goal: {(maximize ? "maximize" : "minimize")}{"}"}
            run_cap: {Math.Max(1, runs.Count)}
            parameters:
            {string.Join('\n', lines)}
            {(distributions is null ? "" : AsTheyAre(distributions))}
            """;
    }

    /// <summary>As Optuna has them, so that an export gives them back: a range with a step has no equal here.</summary>
    private static string AsTheyAre(ILookup<string, string> distributions)
    {
        var last = distributions.Select(same => KeyValuePair.Create(same.Key, ParameterValue.Of(same.Last())));
        return $"{OptunaJournal.DistributionsKey}: {ParameterValue.MapOf(last).ToJson()}\n";
    }

    /// <summary>A name that a sweep may have.</summary>
    public static string Plain(string name)
    {
        var plain = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' ? letter : '-'))
            .Trim('-', '.');
        return Text(plain.Length == 0 ? "imported" : plain.Length > 60 ? plain[..60] : plain);
    }

    private static List<JsonNode> Declared(ILookup<string, string>? distributions, string parameter) =>
        [.. distributions?[parameter].Distinct().Select(distribution => JsonNode.Parse(distribution)!) ?? []];

    private static string Parameter(List<ParameterValue> seen, List<JsonNode> declared)
    {
        if (declared.Count == 0) return Seen(seen);

        var ranges = declared.Select(one => one["attributes"]).OfType<JsonObject>()
            .Where(range => NumberOf(range["low"]) is not null && NumberOf(range["high"]) is not null).ToList();

        if (ranges.Count < declared.Count)
        {
            var choices = declared.SelectMany(one => OptunaTrial.Choices(one.ToJsonString()) ?? []);
            return Values([.. choices.Concat(seen).Distinct()]);
        }

        var isInteger = declared.TrueForAll(one => ((string)one["name"]!).StartsWith("Int", StringComparison.Ordinal));
        var (low, high) = (ranges.Min(range => NumberOf(range["low"])!.Value), ranges.Max(range => NumberOf(range["high"])!.Value));
        var step = ranges.Max(range => NumberOf(range["step"]) ?? NumberOf(range["q"]) ?? 0);
        var isLogarithmic = low > 0 && (declared.Exists(one => Logarithmic.Contains((string)one["name"]!))
            || ranges.Exists(range => range["log"]?.GetValueKind() == JsonValueKind.True));
        return low == high ? Values([Number(low, isInteger)])
            : step > (isInteger ? 1 : 0) && (high - low) / step <= MostListed ? Values(
                [.. Enumerable.Range(0, (int)Math.Floor(((high - low) / step) + 1e-9) + 1)
                    .Select(i => Number(Stepped(low, step, i), isInteger))])
            : Range(Number(low, isInteger), Number(high, isInteger), isLogarithmic);
    }

    private static string Seen(List<ParameterValue> seen)
    {
        var values = seen.Distinct().ToList();
        if (!values.TrueForAll(value => value.IsNumber) || values.Count * 2 <= seen.Count || values.Count < 3) return Values(values);

        var isInteger = values.TrueForAll(value => value.Kind == ParameterKind.Integer);
        var (least, most) = (values.Min(value => value.AsReal()), values.Max(value => value.AsReal()));
        return Range(Number(least, isInteger), Number(most, isInteger), least > 0 && most / least >= Wide);
    }

    private static string Range(ParameterValue low, ParameterValue high, bool isLogarithmic)
    {
        var kind = (low.Kind, isLogarithmic) switch
        {
            (ParameterKind.Integer, true) => "distribution: q_log_uniform_values, q: 1",
            (ParameterKind.Integer, false) => "distribution: int_uniform",
            (_, true) => "distribution: log_uniform_values",
            _ => "distribution: uniform",
        };
        return $"{{min: {low.ToJson()}, max: {high.ToJson()}, {kind}}}";
    }

    private static string Values(List<ParameterValue> values)
    {
        var sorted = values.TrueForAll(value => value.IsNumber) ? values.OrderBy(value => value.AsReal()) : values.AsEnumerable();
        return values is [var only] ? $"{{value: {only.ToJson()}}}" : $"{{values: {ParameterValue.ListOf(sorted).ToJson()}}}";
    }

    private static double? NumberOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? (double)node : null;

    /// <summary>Decimal steps stay what they are written as.</summary>
    private static double Stepped(double low, double step, int i) =>
        Math.Max(Math.Abs(low), step) < 1e9 && step > 1e-9 ? (double)((decimal)low + ((decimal)step * i)) : low + (step * i);

    private static ParameterValue Number(double value, bool isInteger) =>
        isInteger ? ParameterValue.Of((long)value) : ParameterValue.Of(value);

    private static string Text(string text) => ParameterValue.Of(text).ToJson();
}
