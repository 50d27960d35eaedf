using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Importance;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Http;

/// <param name="Values">What a grid of it tries; null where that is no short list.</param>
public sealed record SpaceParameter(string Name, bool Varies, bool Logarithmic, IReadOnlyList<JsonElement>? Values);

public sealed record SpaceAnswer(IReadOnlyList<SpaceParameter> Parameters);

/// <summary>Which pairs of two parameters' values no configuration like the base may have.</summary>
/// <param name="Base">The configuration that gives all other parameters, a JSON object.</param>
public sealed record InfeasiblePairs(string Base, IReadOnlyList<InfeasiblePair> Pairs);

public sealed record InfeasiblePair(JsonElement X, JsonElement Y, string Message);

/// <param name="Completed">Trials that it is computed from; too few give no shares.</param>
public sealed record ImportanceAnswer(int Completed, int Needed, IReadOnlyList<ParameterImportance> Shares);

/// <summary>What a sweep searches over, from its file: axes of pictures, and the cells that cannot be.</summary>
internal static class SpaceEndpoints
{
    private const int MostValues = 64;
    private const int MaxPoints = 20_000;

    public static void MapSpace(this IEndpointRouteBuilder routes)
    {
        var sweep = routes.MapGroup("/api/v1/sweeps/{sweep}").AddEndpointFilter(ApiErrors.CatchAsync).AddEndpointFilter(EntityTags.CheckAsync).WithTags("Pictures");
        sweep.MapGet("/space", (string sweep, HeadStore store) => WithSpace(sweep, store, (space, _) => new SpaceAnswer([.. space.Dimensions.Select(Describe)])))
            .WithSummary("The parameters and what they take").Produces<SpaceAnswer>();
        sweep.MapGet("/infeasible", (string sweep, string x, string y, HeadStore store) => WithSpace(sweep, store, (space, row) => Pairs(space, row, store.Reader, x, y)))
            .WithSummary("Pairs of two parameters' values that the constraints rule out, all else as in the best trial").Produces<InfeasiblePairs>();
        sweep.MapGet("/importance", (string sweep, HeadStore store) => WithSpace(sweep, store, (space, row) => Importance(space, row, store.Reader)))
            .WithSummary("Which parameters matter for being among the best tenth, by PED-ANOVA").Produces<ImportanceAnswer>();
    }

    private static ImportanceAnswer Importance(SearchSpace space, SweepRow row, ResultReader reader)
    {
        var points = reader.CompletedPoints(SweepId.Parse(row.Sweep), MaxPoints).Select(point => (ParameterSet.FromJson(point.Params), point.Value)).ToList();
        return new ImportanceAnswer(points.Count, PedAnova.Fewest, PedAnova.Of(space, points, row.Maximize));
    }

    private static IResult WithSpace<T>(string sweep, HeadStore store, Func<SearchSpace, SweepRow, T?> answer)
        where T : class
    {
        if (!SweepId.TryParse(sweep, out var id) || store.Reader.Sweep(id) is not { } row)
        {
            return ApiErrors.NotFound($"there is no sweep '{sweep}'");
        }

        return SweepFile.Parse(row.Spec, $"{row.Name}.yaml").Definition is not { } definition
            ? ApiErrors.Refused("the stored sweep file is not valid to this program: it is older or newer than the one that stored it")
            : answer(definition.Space, row) is { } found ? TypedResults.Json(found, ResultJson.Options) : ApiErrors.BadRequest("x and y name two parameters of the sweep that take lists of values");
    }

    private static SpaceParameter Describe(Dimension dimension) => new(
        dimension.Name,
        dimension.Distribution.Varies,
        dimension.Distribution.Name.Contains("log", StringComparison.Ordinal),
        Values(dimension) is { } values ? [.. values.Select(Json)] : null);

    private static InfeasiblePairs? Pairs(SearchSpace space, SweepRow row, ResultReader reader, string x, string y)
    {
        if (x == y || space.Find(x) is not { } across || space.Find(y) is not { } down || Values(across) is not { } xs || Values(down) is not { } ys)
        {
            return null;
        }

        var best = reader.Leaderboard(SweepId.Parse(row.Sweep), 1) is [var first] ? first.Params : reader.Trial(new TrialId(SweepId.Parse(row.Sweep), 1))?.Params;
        var point = ParameterSet.FromJson(best ?? "{}");
        var pairs = from a in xs
                    from b in ys
                    let violation = space.Check(point.With(x, a).With(y, b))
                    where violation is not null
                    select new InfeasiblePair(Json(a), Json(b), violation.Message);
        return new InfeasiblePairs(point.ToJson(), [.. pairs]);
    }

    private static List<ParameterValue>? Values(Dimension dimension) => dimension.Distribution.GridCount is { } count and <= MostValues
        ? [.. Enumerable.Range(0, (int)count).Select(i => dimension.Distribution.GridValue(i))]
        : null;

    private static JsonElement Json(ParameterValue value)
    {
        using var document = JsonDocument.Parse(value.ToJson());
        return document.RootElement.Clone();
    }
}
