using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.Results;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Native;

namespace SeqMnistSweep.Cli;

/// <summary>From an exception to a message, a hint and an exit code.</summary>
internal static class ErrorReport
{
    // errno, which .NET passes on.
    private const int NoSpace = 28;
    private const int ReadOnly = 30;

    /// <summary>Reports an error on stderr, as JSON where the arguments ask for JSON.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Exception error, string[] args, CommandContext context)
    {
        var debug = context.Variable("SEQSWEEP_DEBUG") == "1";
        var known = Explain(error) ?? new CommandError(
            ExitCodes.Bug,
            $"unexpected error: {error.GetType().Name}: {error.Message}",
            $"this is a bug in seqsweep {ProgramVersion.Number}; please report it with the output of the same command under "
                + "SEQSWEEP_DEBUG=1");
        if (CommonOptions.WantsJson(args))
        {
            var body = new JsonObject { ["code"] = ExitCodes.Name(known.ExitCode), ["message"] = known.Message, ["hint"] = known.Hint };
            context.Error.WriteLine(TableOutput.ToText(new JsonObject { ["error"] = body }, indented: false));
        }
        else
        {
            context.SayError(known.Message);
            if (known.Hint is not null)
            {
                // On one line: it often holds a command to be copied.
                context.Say($"  {known.Hint}");
            }
        }

        if (debug)
        {
            context.Error.WriteLine(error);
        }

        return known.ExitCode;
    }

    private static CommandError? Explain(Exception error) => error switch
    {
        CommandError known => known,
        DatabaseMissingException => new CommandError(
            ExitCodes.NotFound, error.Message, "start one with: seqsweep run FILE   (or name another with --db)"),
        DatabaseException database => new CommandError(ExitCodes.Usage, database.Message, database.Hint),
        CheckpointException or TorchLoadException => new CommandError(ExitCodes.NotFound, error.Message),
        DatasetException dataset => new CommandError(ExitCodes.NotFound, dataset.Message),
        IOException full when full.HResult is NoSpace or ReadOnly => new CommandError(ExitCodes.NotAllowed, full.Message),
        // Of a file that a command was told to read or write.
        DirectoryNotFoundException => new CommandError(ExitCodes.NotFound, error.Message),
        UnauthorizedAccessException => new CommandError(ExitCodes.NotAllowed, error.Message),
        QueryException query => new CommandError(ExitCodes.Usage, query.Message, query.Hint),
        _ => null,
    };
}
