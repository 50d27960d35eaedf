using System.Text.Json;
using SeqMnistSweep.Importance;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Head.Http;

/// <param name="Range">Whether it is a range of numbers, which can be a side of a contour.</param>
/// <param name="Values">What a grid of it tries; null where that is no short list.</param>
public sealed record SpaceParameter(string Name, bool Varies, bool Logarithmic, bool Range, IReadOnlyList<JsonElement>? Values);

public sealed record SpaceAnswer(IReadOnlyList<SpaceParameter> Parameters);

/// <summary>Which pairs of two parameters' values no configuration like the base may have.</summary>
/// <param name="Base">The configuration that gives all other parameters, a JSON object.</param>
public sealed record InfeasiblePairs(string Base, IReadOnlyList<InfeasiblePair> Pairs);

public sealed record InfeasiblePair(JsonElement X, JsonElement Y, string Message);

/// <summary>What a sweep searches over, from its file: the axes of pictures, and the cells that cannot be.</summary>
internal static class SpaceEndpoints
{
    private const int MaxValues = 64;

    public static void MapSpace(this IEndpointRouteBuilder routes)
    {
        var sweep = routes.MapReads("Pictures", "/sweeps/{sweep}");
        sweep.MapGet("/space", ([AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            new SpaceAnswer([.. SpaceOf(reader.Sweep(id)).Dimensions.Select(Describe)]))).WithSummary("The parameters and what they take");
        sweep.MapGet("/infeasible", (string x, string y, [AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            Pairs(SpaceOf(reader.Sweep(id)), reader, id, x, y)))
            .WithSummary("Pairs of two parameters' values that the constraints rule out, all else as in the best trial");
        sweep.MapGet("/contour", (string x, string y, int? columns, int? rows, [AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            ContourOf(reader, id, (x, y), Math.Clamp(columns ?? 40, 2, MaxValues), Math.Clamp(rows ?? 30, 2, MaxValues))))
            .WithSummary("The metric over two numeric parameters in cells, with those that the constraints rule out");
        sweep.MapGet("/front", ([AsParameters] SweepPath at) => at.ReadAsync((reader, id) => reader.Front(id)))
            .WithSummary("Configurations that no other beats in all metrics together; none for a sweep with one metric");
        sweep.MapGet("/importance", (double? quantile, [AsParameters] SweepPath at) =>
            at.ReadAsync((reader, id) => Importance(reader, id, quantile ?? ImportanceEstimate.UsualQuantile)))
            .WithSummary("Which parameters matter for being among the best tenth, by PED-ANOVA, and how sure that is");
    }

    private static Contour ContourOf(ResultReader reader, SweepId id, (string X, string Y) names, int columns, int rows)
    {
        var sweep = reader.Sweep(id);
        var space = SpaceOf(sweep);
        return new ComparedReader(reader.Path).Contour(id, space, sweep!.Metric, sweep.Maximize, names, columns, rows)
            ?? throw ApiError.BadRequest("x and y name two numeric parameters of which no list is given, and that some trial has");
    }

    private static ImportanceAnswer Importance(ResultReader reader, SweepId id, double quantile)
    {
        if (quantile is not (> 0 and < 1)) throw ApiError.BadRequest("quantile is above 0 and below 1");

        var sweep = reader.Sweep(id);
        var space = SpaceOf(sweep);
        return new ComparedReader(reader.Path).Importance(sweep!, space, quantile);
    }

    private static SearchSpace SpaceOf(SweepRow? sweep)
    {
        if (sweep is null) throw ApiError.NotFound("there is no such sweep");

        return sweep.ReadDefinition()?.Space ?? throw ApiError.Conflict(
            "refused", "the stored sweep file is not valid to this program: it is older or newer than the one that stored it");
    }

    private static SpaceParameter Describe(Dimension dimension) => new(
        dimension.Name, dimension.Distribution.Varies, dimension.Distribution.Name.Contains("log", StringComparison.Ordinal),
        Contour.IsSide(dimension), Values(dimension) is { } values ? [.. values.Select(Json)] : null);

    private static InfeasiblePairs Pairs(SearchSpace space, ResultReader reader, SweepId id, string x, string y)
    {
        if (x == y || space.Find(x) is not { } across || space.Find(y) is not { } down || Values(across) is not { } xs
            || Values(down) is not { } ys)
        {
            throw ApiError.BadRequest("x and y name two parameters of the sweep that take lists of values");
        }

        var best = reader.Best(id)?.Params ?? reader.Trial(new TrialId(id, 1))?.Params;
        var point = ParameterSet.FromJson(best ?? "{}");
        var pairs = from a in xs
                    from b in ys
                    let violation = space.Check(point.With(x, a).With(y, b))
                    where violation is not null
                    select new InfeasiblePair(Json(a), Json(b), violation.Message);
        return new InfeasiblePairs(point.ToJson(), [.. pairs]);
    }

    private static List<ParameterValue>? Values(Dimension dimension) => dimension.Distribution.GridCount is { } count and <= MaxValues
        ? [.. Enumerable.Range(0, (int)count).Select(i => dimension.Distribution.GridValue(i))]
        : null;

    private static JsonElement Json(ParameterValue value)
    {
        using var document = JsonDocument.Parse(value.ToJson());
        return document.RootElement.Clone();
    }
}
