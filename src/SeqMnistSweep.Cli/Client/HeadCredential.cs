using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Client;

/// <summary>What this account shows a head to be let in.</summary>
/// <param name="Source">Where it is from, for messages.</param>
internal sealed record HeadCredential(string Token, string Source)
{
    public const string Variable = "SEQSWEEP_TOKEN";

    public const string FileVariable = "SEQSWEEP_TOKEN_FILE";

    /// <summary>From the environment, else of this account's own head at that address.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="CommandError">The file that the environment names cannot be read.</exception>
    public static HeadCredential? Find(Uri head, Func<string, string?> variable) =>
        variable(Variable)?.Trim() is { Length: > 0 } token ? new HeadCredential(token, Variable)
        : variable(FileVariable) is { Length: > 0 } path ? new HeadCredential(Read(path), path)
        : OwnHead(head, variable) is { } file ? new HeadCredential(file.AdminToken, "the head's own file")
        : KnownHeads.Find(head, variable) is { } known ? new HeadCredential(known.Token, "seqsweep login")
        : null;

    /// <summary>Whether the environment names one: it goes before every other.</summary>
    public static bool IsSet(Func<string, string?> variable) =>
        variable(Variable)?.Trim() is { Length: > 0 } || variable(FileVariable) is { Length: > 0 };

    /// <summary>The file of this account's head at an address; of nobody else's, lest they get its token.</summary>
    public static HeadFile? OwnHead(Uri head, Func<string, string?> variable) =>
        HeadFile.Find(HeadFile.PathsOf(head.Port, variable, Environment.MachineName)) is { } file
            && new Uri(file.Url).Authority == head.Authority
                ? file
                : null;

    /// <summary>The authority of the head at an address; null where this account knows none.</summary>
    public static X509Certificate2? AuthorityOf(Uri head, Func<string, string?> variable) =>
        (OwnHead(head, variable)?.Gateway?.Ca ?? KnownHeads.Find(head, variable)?.Ca) is { } pem
            ? X509Certificate2.CreateFromPem(pem)
            : null;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandError(ExitCodes.Usage, $"{FileVariable}: {error.Message}", "it holds one line, the token");
        }
    }
}
