namespace SeqMnistSweep.Cli.Commands;

/// <summary>The value of an option that may hold a secret: out of a file (<c>@FILE</c>) or a variable of the environment. What stands on a
/// command line every account of the machine reads.</summary>
internal static class SecretOption
{
    public const string WebhookVariable = "SEQSWEEP_WEBHOOK";
    public const string MembershipVariable = "SEQSWEEP_MEMBERSHIP";

    /// <param name="given">On the command line; null looks at the variable.</param>
    /// <returns>Null where neither says anything.</returns>
    /// <exception cref="CommandError">The file cannot be read, or a password stands on the command line.</exception>
    public static string? Read(string option, string? given, string variable, CommandContext context) => given switch
    {
        null => context.Variable(variable) is { Length: > 0 } set ? set.Trim() : null,
        ['@', .. var file] => ReadFile(option, Path.GetFullPath(file, context.Folder)),
        _ when HasPassword(given) => throw new CommandError(
            ExitCodes.Usage, $"{option}: a password on a command line is read by every account of this machine",
            $"write the address into a file that only you may read, and give {option} @FILE; or set {variable}"),
        _ => given,
    };

    /// <summary>Also of what is no address, for a slip.</summary>
    private static bool HasPassword(string text) => text.LastIndexOf('@') is > 0 and var end
        && text[..end] is var login && login[(login.IndexOf("//", StringComparison.Ordinal) is >= 0 and var lead ? lead + 2 : 0)..]
            .Contains(':', StringComparison.Ordinal);

    private static string ReadFile(string option, string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandError(ExitCodes.NotFound, $"{option} @{file}: {error.Message}");
        }
    }
}
