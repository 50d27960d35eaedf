using System.Text.Json;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Importance;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Head.Http;

/// <summary>Which pairs of two parameters' values no configuration like the base may have.</summary>
/// <param name="Base">The configuration that gives all other parameters, a JSON object.</param>
public sealed record InfeasiblePairs(string Base, IReadOnlyList<InfeasiblePair> Pairs);

public sealed record InfeasiblePair(JsonElement X, JsonElement Y, string Message);

/// <summary>What a sweep searches over, from its file: the axes of pictures, and the cells that cannot be.</summary>
internal static class SpaceEndpoints
{
    private const int MaxCells = 64;

    public static void MapSpace(this IEndpointRouteBuilder routes)
    {
        var sweep = routes.MapReads("Pictures", "/sweeps/{sweep}");
        sweep.MapGet("/space", ([AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            SpaceAnswer.Of(reader.Sweep(id) ?? throw Missing()) ?? throw Unreadable())).WithSummary("The parameters and what they take");
        sweep.MapGet("/infeasible", (string x, string y, [AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            Pairs(SpaceOf(reader.Sweep(id)), reader, id, x, y)))
            .WithSummary("Pairs of two parameters' values that the constraints rule out, all else as in the best trial");
        sweep.MapGet("/contour", (string x, string y, int? columns, int? rows, [AsParameters] SweepPath at) => at.ReadAsync((reader, id) =>
            ContourOf(reader, id, (x, y), Math.Clamp(columns ?? 40, 2, MaxCells), Math.Clamp(rows ?? 30, 2, MaxCells))))
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

    private static SearchSpace SpaceOf(SweepRow? sweep) => (sweep ?? throw Missing()).ReadDefinition()?.Space ?? throw Unreadable();

    private static ApiError Missing() => ApiError.NotFound("there is no such sweep");

    private static ApiError Unreadable() => ApiError.Conflict(
        "refused", "the stored sweep file is not valid to this program: it is older or newer than the one that stored it");

    private static InfeasiblePairs Pairs(SearchSpace space, ResultReader reader, SweepId id, string x, string y)
    {
        if (x == y || space.Find(x) is not { } across || space.Find(y) is not { } down || SpaceAnswer.Values(across) is not { } xs
            || SpaceAnswer.Values(down) is not { } ys)
        {
            throw ApiError.BadRequest("x and y name two parameters of the sweep that take lists of values");
        }

        var best = reader.Best(id)?.Params ?? reader.Trial(new TrialId(id, 1))?.Params;
        var point = ParameterSet.FromJson(best ?? "{}");
        var pairs = from a in xs
                    from b in ys
                    let violation = space.Check(point.With(x, a).With(y, b))
                    where violation is not null
                    select new InfeasiblePair(SpaceAnswer.Json(a), SpaceAnswer.Json(b), violation.Message);
        return new InfeasiblePairs(point.ToJson(), [.. pairs]);
    }
}
