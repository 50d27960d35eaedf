using System.Text.Json.Nodes;
using SeqMnistSweep.Sampling.Priors;

namespace SeqMnistSweep.Results;

/// <summary>The database's two forms of a sweep's prior: where it came from, for everybody, and its points, for the search; <c>[]</c> both
/// without one.</summary>
public static class PriorJson
{
    /// <summary>The sources as a JSON list: a name, the number of points taken, and of those outside the space.</summary>
    public static string WriteSources(SearchPrior prior) => new JsonArray(
    [
        .. prior.Sources.Select(source => new JsonObject
        {
            [source.IsFile ? "file" : "sweep"] = source.Name,
            ["points"] = source.Points,
            ["outside"] = source.Outside,
        }),
    ]).ToJsonString();

    /// <summary>Reads what <see cref="WriteSources"/> wrote.</summary>
    public static ImmutableArray<PriorSource> ReadSources(string json) =>
    [
        .. JsonNode.Parse(json)!.AsArray().Select(source => new PriorSource(
            (source!["sweep"] ?? source["file"])!.GetValue<string>(), source["points"]!.GetValue<int>(), source["outside"]!
                .GetValue<int>(), source["file"] is not null)),
    ];

    internal static string WritePoints(SearchPrior prior) =>
        new JsonArray([.. prior.Points.Select(point => new JsonArray(point.Rank, JsonNode.Parse(point.Parameters.ToJson())))])
            .ToJsonString();

    internal static SearchPrior Read(string sources, string points) => sources == "[]" ? SearchPrior.None : new SearchPrior(
        ReadSources(sources),
        [
            .. JsonNode.Parse(points)!.AsArray().Select(point =>
                new RankedPoint(ParameterSet.FromJson(point![1]!.ToJsonString()), point[0]!.GetValue<double>())),
        ]);
}
