namespace SeqMnistSweep.Security;

/// <summary>The one line by which a worker gets into a cluster: where the head is, by what it is known, and the word that opens.
/// <c>https://HOST:PORT#ssj1.DIGEST-OF-THE-AUTHORITY.SECRET</c>.</summary>
/// <param name="Head">The head's HTTPS address.</param>
/// <param name="Pin">As <see cref="ClusterCertificate.PinOf"/> gives it.</param>
/// <param name="JoinSecret">As <see cref="Secret.Create"/> makes it.</param>
public sealed record JoinLine(Uri Head, string Pin, string JoinSecret)
{
    /// <summary>The form, for messages.</summary>
    public const string Form = "https://HOST:PORT#ssj1.PIN.SECRET";

    private const string Version = "ssj1";

    /// <exception cref="FormatException">It is none; the message does not repeat it, since it may be a secret.</exception>
    public static JoinLine Parse(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.Host.Length == 0)
        {
            throw new FormatException($"that is no join line; one reads {Form}");
        }

        return uri.Fragment.TrimStart('#').Split('.') is [Version, var pin, var secret] && Secret.IsWellFormed(secret)
            && pin.Length == 64 && pin.All(char.IsAsciiHexDigitLower)
                ? new JoinLine(new Uri(uri.GetLeftPart(UriPartial.Authority)), pin, secret)
                : throw new FormatException($"the join line is not whole; one reads {Form}, and seqsweep join-line prints a new one");
    }

    /// <summary>The line itself, secret and all.</summary>
    public override string ToString() => $"{Head.GetLeftPart(UriPartial.Authority)}#{Version}.{Pin}.{JoinSecret}";
}
