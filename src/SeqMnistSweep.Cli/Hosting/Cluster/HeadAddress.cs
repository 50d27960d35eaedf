using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The HTTP address of the head: from <c>--head</c>, else SEQSWEEP_HEAD, else this machine.</summary>
internal static class HeadAddress
{
    public const string Variable = "SEQSWEEP_HEAD";

    public const string Default = "http://127.0.0.1:8080";

    /// <summary>A bare <c>host</c> or <c>host:port</c> is taken as HTTP, on port 8080 when none is named. Where this account's own head on
    /// this machine is meant, it is the address that the head's file has: whoever listens beside it is not asked.</summary>
    /// <exception cref="CommandError">No address.</exception>
    public static Uri Of(string? option, Func<string, string?> variable)
    {
        var named = Parse(option, variable);
        var isName = named.Host == "localhost";
        return (isName || named.Host == "127.0.0.1")
            && HeadFile.Find(HeadFile.PathsOf(named.Port, variable, Environment.MachineName)) is { } file
            && new Uri(file.Url) is var own && (isName || !own.IsLoopback || own.Scheme != named.Scheme)
                ? own
                : named;
    }

    /// <summary>The head or run of this account that has a database; null without one.</summary>
    /// <param name="database">The file itself.</param>
    public static HeadFile? HolderOf(string database, Func<string, string?> variable) =>
        new ResultReader(database).HeadProcess() is { } pid
            ? HeadFile.All(variable, Environment.MachineName).FirstOrDefault(file => file.Pid == pid && file.Database == database)
            : null;

    private static Uri Parse(string? option, Func<string, string?> variable)
    {
        var text = option ?? (variable(Variable) is { Length: > 0 } set ? set : Default);
        var bare = !text.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(bare ? $"http://{text}" : text, UriKind.Absolute, out var head) || head.Scheme is not ("http" or "https")
            || head.Host.Length == 0)
        {
            throw new CommandError(ExitCodes.Usage, $"'{text}' is no address of a head", "write it as http://HOST:8080");
        }

        return bare && head.IsDefaultPort ? new UriBuilder(head) { Port = 8080 }.Uri : head;
    }
}
