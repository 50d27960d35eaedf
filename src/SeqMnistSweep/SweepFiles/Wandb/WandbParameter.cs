using SeqMnistSweep.SweepFiles.Reading;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;
using static SeqMnistSweep.SweepFiles.Wandb.WandbSchema;

namespace SeqMnistSweep.SweepFiles.Wandb;

/// <summary>What W&amp;B refuses of one parameter that is not a group.</summary>
internal sealed class WandbParameter(FileScalar key, FileNode node, Action<FileNode, string> refuse)
{
    /// <summary>What a distribution may leave out to W&amp;B; the rest of its keys it needs.</summary>
    private static readonly string[] Optional = ["mu", "sigma", "a", "b", "q"];

    public void Check()
    {
        if (node is not FileMap map)
        {
            refuse(node, $"the parameter '{key.Text}' takes a mapping");
            return;
        }

        var distribution = map.Find("distribution")?.Value;
        var kind = distribution is null ? Inferred(map) : Text(distribution);
        if (kind is null || !SweepKeys.Distributions.Contains(kind))
        {
            refuse(distribution ?? key,
                distribution is null ? $"W&B cannot tell what '{key.Text}' is without a 'distribution'" : "W&B has no such distribution");
            return;
        }

        ImmutableArray<string> keys = kind == "categorical" ? ["values"] : DistributionForm.Of(kind).Keys;
        foreach (var entry in map.Entries.Where(entry => entry.Name != "distribution" && !keys.Contains(entry.Name)))
        {
            refuse(entry.Key, $"W&B's '{kind}' takes no '{entry.Name}'");
        }

        foreach (var missing in keys.Except(Optional).Where(name => map.Find(name) is null))
        {
            refuse(key, $"W&B's '{kind}' needs '{missing}'");
        }

        CheckNumbers(map, kind);
        CheckLists(map);
        if (kind is "log_uniform" or "inv_log_uniform" or "q_log_uniform")
        {
            refuse(distribution!, $"W&B calls '{kind}' deprecated, for its ends are exponents");
        }
    }

    private static string? Inferred(FileMap map) =>
        map.Find("value") is not null ? "constant"
        : map.Find("probabilities") is not null ? "categorical_w_probabilities"
        : map.Find("values") is not null ? "categorical"
        : map.Find("min") is null && map.Find("max") is null ? null
        : IntegerOf(map.Find("min")?.Value) is not null && IntegerOf(map.Find("max")?.Value) is not null ? "int_uniform" : "uniform";

    private void CheckNumbers(FileMap map, string kind)
    {
        foreach (var entry in map.Entries.Where(entry => entry.Name is "min" or "max" or "q" or "mu" or "sigma" or "a" or "b"))
        {
            var needs = (kind, entry.Name) switch
            {
                ("int_uniform", _) when IntegerOf(entry.Value) is null => "an integer",
                (_, _) when NumberOf(entry.Value) is null => "a number",
                (_, "q") when NumberOf(entry.Value) <= 0 => "a number above 0",
                (_, "sigma" or "a" or "b") when NumberOf(entry.Value) < 0 => "a number of 0 or more",
                (_, "min") when kind.EndsWith("_values", StringComparison.Ordinal) && NumberOf(entry.Value) <= 0 => "a number above 0",
                _ => null,
            };
            if (needs is not null)
            {
                refuse(entry.Value,
                    $"'{entry.Name}' takes {needs}, which {(entry.Value as FileScalar)?.Text ?? entry.Value.Kind} is not to W&B");
            }
        }

        if (NumberOf(map.Find("min")?.Value) >= NumberOf(map.Find("max")?.Value))
        {
            refuse(map.Find("min")!.Value, "'min' must be less than 'max'");
        }
    }

    private void CheckLists(FileMap map)
    {
        foreach (var entry in map.Entries
            .Where(entry => entry.Name is "values" or "probabilities" && entry.Value is not FileList { Items.IsEmpty: false }))
        {
            refuse(entry.Value, $"'{entry.Name}' takes a list with one item or more");
        }

        if (map.Find("probabilities")?.Value is FileList given)
        {
            var numbers = given.Items.Select(NumberOf).ToList();
            if (numbers.Any(number => !(number >= 0)) || Math.Abs(numbers.Sum(number => number ?? 0) - 1) > 1e-5
                || (map.Find("values")?.Value is FileList values && values.Items.Length != numbers.Count))
            {
                refuse(given, "'probabilities' takes a number of 0 or more for each of the values, sum 1");
            }
        }
    }
}
