using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary><c>--join</c>: a join line, or <c>@FILE</c> that holds one; SEQSWEEP_JOIN without it.</summary>
internal static class JoinOption
{
    public const string Variable = "SEQSWEEP_JOIN";

    /// <returns>Null where neither is given.</returns>
    /// <exception cref="CommandError">It is no join line, or the file cannot be read.</exception>
    public static JoinLine? Read(string? option, CommandContext context)
    {
        var text = option ?? (context.Variable(Variable) is { Length: > 0 } set ? set : null);
        try
        {
            return text is null ? null
                : JoinLine.Parse(text.StartsWith('@') ? FromFile(Path.GetFullPath(text[1..], context.Folder)) : text);
        }
        catch (FormatException error)
        {
            throw new CommandError(ExitCodes.Usage, $"{(option is null ? Variable : "--join")}: {error.Message}");
        }
    }

    private static string FromFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandError(ExitCodes.NotFound, $"the join line cannot be read: {error.Message}");
        }
    }
}
