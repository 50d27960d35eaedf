using Microsoft.AspNetCore.Mvc;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Http;

/// <summary>The sweep that a path names, and how its results are read.</summary>
/// <remarks>Services are marked at the properties: where they are not, the generated code wants a body.</remarks>
internal readonly record struct SweepPath(string Sweep, [property: FromServices] HeadStore Store, CancellationToken Stop)
{
    /// <exception cref="ApiError">The path names none.</exception>
    public SweepId Id => SweepId.TryParse(Sweep, out var id) ? id : throw ApiError.NotFound($"'{Sweep}' is no sweep id");

    /// <exception cref="ApiError">There is no such sweep: <paramref name="read"/> returns null.</exception>
    public async Task<T> ReadAsync<T>(Func<ResultReader, SweepId, T?> read)
        where T : class
    {
        var (id, reader) = (Id, Store.Reader);
        return await ReadLanes.Results.RunAsync(() => read(reader, id), Stop) ?? throw ApiError.NotFound($"there is no sweep '{id}'");
    }
}

/// <summary>Which sweeps can be steered here.</summary>
internal static class RunsHere
{
    /// <param name="sweep">Null for a new one.</param>
    /// <exception cref="ApiError">This process runs one sweep, and it is not that.</exception>
    public static void RequireRunsHere(this HeadOptions options, SweepId? sweep)
    {
        if (options.OnlySweep is not { } only || (sweep is not null && only() is { } running && running == sweep)) return;

        throw ApiError.Conflict(
            "not_allowed",
            (only() is { } here ? $"this is a run of {here} alone" : "this is a run that has not begun yet")
                + $"; when it has ended: seqsweep run {sweep?.Value ?? "FILE"}");
    }
}

/// <summary>The trial that a path names, and how its results are read.</summary>
internal readonly record struct TrialPath(string Sweep, int Number, [property: FromServices] HeadStore Store, CancellationToken Stop)
{
    /// <exception cref="ApiError">The path names none.</exception>
    public TrialId Id =>
        TrialId.TryParse($"{Sweep}/{Number}", out var id) ? id : throw ApiError.NotFound($"'{Sweep}/{Number}' is no trial id");

    /// <exception cref="ApiError">There is no such trial: <paramref name="read"/> returns null.</exception>
    public async Task<T> ReadAsync<T>(Func<ResultReader, TrialId, T?> read)
        where T : class
    {
        var (id, reader) = (Id, Store.Reader);
        return await ReadLanes.Results.RunAsync(() => read(reader, id), Stop) ?? throw ApiError.NotFound($"there is no trial '{id}'");
    }
}
