using Microsoft.AspNetCore.Mvc;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/trials/SWEEP/NUMBER</c>: one trial.</summary>
internal static class TrialsEndpoints
{
    public const string Path = "/trials/{sweep}/{number:int}";

    public static void MapTrials(this IEndpointRouteBuilder routes)
    {
        var trial = routes.MapReads("Results", Path);
        trial.MapGet("", ([AsParameters] TrialPath at) => at.ReadAsync((reader, id) => reader.Trial(id)));
        trial.MapGet("/attempts", ([AsParameters] TrialPath at) => at.ReadAsync((reader, id) => reader.Attempts(id)));
        trial.MapGet("/reports", ([AsParameters] TrialPath at) => at.ReadAsync((reader, id) => reader.Reports(id)));
        trial.MapGet("/steps", ([AsParameters] TrialPath at) => at.ReadAsync((reader, id) => reader.Steps(id)));
        trial.MapGet("/superseded", ([AsParameters] TrialPath at) => at.ReadAsync((reader, id) => reader.SupersededReports(id)))
            .WithSummary("What attempts reported that no longer counts");
        trial.MapGet(
            "/events",
            (int? last, [AsParameters] TrialPath at) => at.ReadAsync((reader, id) => reader.Events(id, SweepsEndpoints.Events(last))));
        trial.MapGet("/checkpoints", ([AsParameters] TrialPath at) => at.ReadAsync((reader, id) => reader.Checkpoints(id)));
        trial.MapGet("/samples", ([AsParameters] TrialPath at) => at.ReadAsync((reader, id) =>
            reader.Trial(id) is { } row
                ? SamplePrediction.Read(row.Facts)
                : null)).WithSummary("What the network makes of the first test images");
        trial.MapGet("/curves", (int? pixels, long? after, [AsParameters] TrialPath at) => at.ReadAsync((reader, id) =>
            new CurveReader(reader.Path).Of(id, SweepsEndpoints.Pixels(pixels), after ?? 0)))
                .WithSummary("Every metric of one trial, thinned to pixels");
    }

    public static void MapTrialLive(this IEndpointRouteBuilder routes)
    {
        var live = routes.MapApi("Live", Path);
        live.MapGet("/progress", ProgressAsync).WithSummary("How far a running trial is, from the trial itself");
        live.MapGet("/log", LogAsync).WithSummary("What the trial says, from the worker that has it");
    }

    private static async Task<TrialProgress> ProgressAsync([AsParameters] TrialPath at, [FromServices] IGrainFactory grains) =>
        await grains.GetGrain<ISweepGrain>(at.Id.Sweep.Value).GetProgress(at.Number)
            ?? throw ApiError.NotFound($"trial {at.Id} does not run, or its worker does not answer");

    private static async Task<LogChunk> LogAsync(long? offset, [AsParameters] TrialPath at, [FromServices] IGrainFactory grains)
    {
        var (id, from) = (at.Id, Math.Max(0, offset ?? 0));
        try
        {
            return await grains.GetGrain<IHeadGrain>(0).ReadLog(id, from);
        }
        catch (SweepRefusedException away)
        {
            // That a log lies elsewhere, or is not there yet, is an answer and no error.
            return new LogChunk(0, "", "", from, true, away.Message);
        }
    }
}
