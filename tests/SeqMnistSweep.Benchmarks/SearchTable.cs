using System.Text.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Benchmarks;

/// <summary>A real table: the losses of all combinations of some lists, measured once. Each is a small model trained with scikit-learn 1.2 on a data set that it brings, the error under cross-validation.</summary>
/// <param name="Json">Its <c>parameters</c> and <c>losses</c>, the last parameter the fastest.</param>
internal sealed record SearchTable(string Name, string Json, SearchProblem Problem, double Range)
{
    private const string Folder = "tables/";

    public static IReadOnlyList<SearchTable> All { get; } =
        [.. typeof(SearchTable).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read)];

    private static SearchTable Read(string resource)
    {
        using var stream = new StreamReader(typeof(SearchTable).Assembly.GetManifestResourceStream(resource)!);
        var json = JsonNode.Parse(stream.ReadToEnd())!;
        var lists = json["parameters"]!.AsObject().Select(item => (item.Key, Values: item.Value!.AsArray().Select(value => ParameterValue.FromJson(JsonSerializer.SerializeToElement(value))).ToList())).ToList();
        double[] losses = [.. json["losses"]!.AsArray().Select(value => value!.GetValue<double>())];
        var name = Path.GetFileNameWithoutExtension(resource[Folder.Length..]);
        var parameters = $"{{{string.Join(", ", json["parameters"]!.AsObject().Select(item => $"{item.Key}: {{values: {item.Value!.ToJsonString()}}}"))}}}";
        return new SearchTable(name, json.ToJsonString(), new SearchProblem(name, parameters, point => [losses[RowOf(point)]], losses.Min()), losses.Max() - losses.Min());

        int RowOf(ParameterSet point) => lists.Aggregate(0, (row, list) => (row * list.Values.Count) + list.Values.FindIndex(value => IsSame(value, point[list.Key]!)));
    }

    private static bool IsSame(ParameterValue one, ParameterValue other) => one.IsNumber && other.IsNumber ? one.AsReal().Equals(other.AsReal()) : one.Equals(other);
}
