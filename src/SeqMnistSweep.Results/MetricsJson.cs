using System.Text.Json.Nodes;

namespace SeqMnistSweep.Results;

/// <summary>The database's form of a sweep's several metrics, <c>[]</c> where it has one.</summary>
internal static class MetricsJson
{
    public static string Write(ImmutableArray<MetricGoal> metrics) =>
        new JsonArray([.. metrics.Select(metric => new JsonObject { ["name"] = metric.Name, ["maximize"] = metric.Maximize })])
            .ToJsonString();

    public static ImmutableArray<MetricGoal> Read(string json) => json == "[]"
        ? []
        : [.. JsonNode.Parse(json)!.AsArray()
        .Select(metric => new MetricGoal(metric!["name"]!.GetValue<string>(), metric["maximize"]!.GetValue<bool>()))];
}
