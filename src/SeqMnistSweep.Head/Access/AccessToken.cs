namespace SeqMnistSweep.Head.Access;

/// <summary>What a program shows to be let in: <c>sst1.ID.SECRET</c>. The id says which token it is and is no secret.</summary>
internal sealed record AccessToken(string Id, string Secret)
{
    private const string Version = "sst1";

    /// <summary>A new one, with 256 random bits.</summary>
    public static AccessToken Create() =>
        new(System.Security.Cryptography.RandomNumberGenerator.GetHexString(12, lowercase: true), Security.Secret.Create());

    /// <returns>Null where the text is none.</returns>
    public static AccessToken? TryParse(string text) =>
        text.Split('.') is [Version, { Length: > 0 and <= 32 } id, var secret] && id.All(char.IsAsciiLetterOrDigit)
            && Security.Secret.IsWellFormed(secret)
                ? new AccessToken(id, secret)
                : null;

    /// <summary>The whole token, to be shown once.</summary>
    public override string ToString() => $"{Version}.{Id}.{Secret}";
}
