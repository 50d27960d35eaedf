using System.Net;

namespace SeqMnistSweep.Cli.Client;

/// <summary>A head answers, and does not let this account in.</summary>
internal sealed class HeadRefuses(Uri head, string account, HeadCredential? shown)
    : CommandError(ExitCodes.NotAllowed, MessageOf(head, account, shown), HintOf(head, account, shown))
{
    /// <summary>Whether it is this account's own: its file may be on its way.</summary>
    public bool IsOwn => account == Environment.UserName && shown is null;

    /// <summary>What 401 and 403 mean.</summary>
    /// <returns>Null for every other answer.</returns>
    public static async Task<CommandError?> OfAsync(
        HttpResponseMessage answer, Uri head, HeadCredential? shown, CancellationToken cancellation)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new HeadRefuses(head, AccountOf(answer) ?? "somebody else", shown);
        }

        return answer.StatusCode == HttpStatusCode.Forbidden && await HeadHttp.ErrorAsync(answer, cancellation) is { } error
            ? new CommandError(ExitCodes.NotAllowed, error.Message, error.Hint)
            : null;
    }

    private static string? AccountOf(HttpResponseMessage answer)
    {
        const string realm = "realm=\"";
        return answer.Headers.WwwAuthenticate.Select(scheme => scheme.Parameter)
            .FirstOrDefault(text => text?.StartsWith(realm, StringComparison.Ordinal) == true)?[realm.Length..].TrimEnd('"');
    }

    private static string MessageOf(Uri head, string account, HeadCredential? shown) => shown is null
        ? $"the head at {head.Authority} is {account}'s"
        : $"the head at {head.Authority} is {account}'s and does not take the token from {shown.Source}: it was revoked, has ended "
            + "or is of another head";

    private static string HintOf(Uri head, string account, HeadCredential? shown) =>
        shown is not null ? "get another one of its admin"
        : account == Environment.UserName
            ? "you are too, but its file is not to be found: were XDG_RUNTIME_DIR or HOME others there, or is it in a container?"
            : $"start your own (seqsweep head --http-port N), or show a token that {account} gives: seqsweep login "
                + head.GetLeftPart(UriPartial.Authority);
}
