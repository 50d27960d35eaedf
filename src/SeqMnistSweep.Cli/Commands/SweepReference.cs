using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>What a person writes for a sweep: its id, the beginning of it, <c>@last</c>, or nothing for the newest.</summary>
internal static class SweepReference
{
    /// <exception cref="CommandError">It means no sweep, or more than one.</exception>
    public static SweepRow Resolve(ResultReader reader, string? reference)
    {
        var found = reader.FindSweeps(reference ?? "@last");
        return found.Count switch
        {
            1 => found[0],
            0 when reference is null or "@last" => throw new CommandError(ExitCodes.NotFound, $"there is no sweep in {reader.Path} yet", "start one with: seqsweep run FILE"),
            0 => throw new CommandError(ExitCodes.NotFound, $"there is no sweep '{reference}' in {reader.Path}", Nearest(reader, reference)),
            _ => throw new CommandError(
                ExitCodes.NotFound, $"'{reference}' is the beginning of {found.Count} sweeps", "it may be: " + string.Join(", ", found.Take(5).Select(s => s.Sweep)) + (found.Count > 5 ? ", ..." : "")),
        };
    }

    private static string Nearest(ResultReader reader, string reference)
    {
        var nearest = NearestName.Of(reference, reader.Sweeps().Select(s => s.Sweep));
        return nearest is null ? "all of them: seqsweep list" : $"did you mean '{nearest}'?";
    }
}
