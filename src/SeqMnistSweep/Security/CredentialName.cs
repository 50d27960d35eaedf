namespace SeqMnistSweep.Security;

/// <summary>Names of accounts and workers as they stand in certificates and in the event log.</summary>
public static class CredentialName
{
    /// <summary>The longest common name of X.509.</summary>
    public const int MaxLength = 64;

    /// <summary>What a name may be, for messages.</summary>
    public const string Accepted = "letters, digits, spaces and . - _ @ : + within, at most 64 characters";

    private const string Marks = " .-_@:+";

    /// <summary>Whether it can be a name: nothing that could be read as a second part of a subject, a path or a line.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= MaxLength
            && text.All(letter => char.IsLetterOrDigit(letter) || Marks.Contains(letter, StringComparison.Ordinal))
            && text.Trim() == text && text is not ("." or "..");

    /// <summary>The same text with what no name may have replaced; for accounts, whose names others give.</summary>
    public static string From(string text)
    {
        var kept = string.Concat(text.Select(letter => IsValid($"a{letter}a") ? letter : '-')).Trim(' ');
        kept = kept.Length > MaxLength ? kept[..MaxLength].Trim(' ') : kept;
        return IsValid(kept) ? kept : "unnamed";
    }
}
