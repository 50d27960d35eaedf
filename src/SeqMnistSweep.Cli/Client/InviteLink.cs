namespace SeqMnistSweep.Cli.Client;

/// <summary>What an admin gives a colleague: where the head is, by what it is known, and a token.
/// <c>https://HOST:PORT#ssi1.DIGEST-OF-THE-AUTHORITY.TOKEN</c>; a head without TLS has <c>-</c> for the digest.</summary>
internal sealed record InviteLink(Uri Head, string? Pin, string Token)
{
    private const string Version = "ssi1";
    private const string NoPin = "-";

    /// <returns>Null where the text is none. It may be a secret: no message repeats it.</returns>
    public static InviteLink? TryParse(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            && uri.Fragment.TrimStart('#').Split('.', 3) is [Version, var pin, var token] && token.Length > 0
            && (pin == NoPin ? uri.Scheme == "http" : pin.Length == 64)
                ? new InviteLink(new Uri(uri.GetLeftPart(UriPartial.Authority)), pin == NoPin ? null : pin, token)
                : null;

    /// <summary>The link itself, token and all.</summary>
    public override string ToString() => $"{Head.GetLeftPart(UriPartial.Authority)}#{Version}.{Pin ?? NoPin}.{Token}";
}
