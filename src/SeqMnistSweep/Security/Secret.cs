using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SeqMnistSweep.Security;

/// <summary>Random texts that prove something by being known, and how they are kept and compared.</summary>
public static class Secret
{
    /// <summary>256 random bits in base64url: 43 characters.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether a text has the form of one.</summary>
    public static bool IsWellFormed(string text) => 
        text.Length == 43 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    /// <summary>What is kept in place of a secret.</summary>
    public static string DigestOf(string secret) => Files.Digest.Of(secret);

    /// <summary>Whether two secrets are the same, in a time that tells nothing of where they differ.</summary>
    public static bool AreEqual(string one, string other) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(one)), SHA256.HashData(Encoding.UTF8.GetBytes(other)));
}
