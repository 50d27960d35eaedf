using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Head.Http;

/// <summary>A lease as who asked for it names it, <c>1.Zm9v…</c>: its number, and a proof that it was given to them. Only <c>ask</c> hands
/// one out, so nothing that a worker runs can be told over HTTP, and nothing by who was not given it. The proof follows from a key of the
/// head, so leases outlive the head's process.</summary>
internal sealed class LeaseTokens(byte[] key)
{
    private const int KeyBytes = 32;
    private const int ProofBytes = 18;

    /// <summary>With the key that lies beside the head's database, drawn where there is none yet.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static LeaseTokens Beside(string database)
    {
        var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(database))!, "pki");
        var file = Path.Combine(folder, "lease.key");
        if (PrivateFile.TryRead(file) is { Length: KeyBytes } known) return new LeaseTokens(known);

        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        PrivateFile.CreateFolder(folder);
        PrivateFile.Write(file, key);
        return new LeaseTokens(key);
    }

    public string Write(TrialId trial, long lease) => string.Create(CultureInfo.InvariantCulture, $"{lease}.{ProofOf(trial, lease)}");

    /// <returns>The lease's number, and whether it was given to who tells it; null for a text that <c>ask</c> has not written.</returns>
    public (long Lease, bool IsTheirs)? Read(TrialId trial, string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var lease)) return null;

        return (lease, CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(ProofOf(trial, lease)), Encoding.UTF8.GetBytes(text[(dot + 1)..])));
    }

    private string ProofOf(TrialId trial, long lease) => Base64Url.EncodeToString(HMACSHA256.HashData(
        key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"lease {trial}#{lease}"))).AsSpan(0, ProofBytes));
}
