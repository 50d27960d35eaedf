using System.Text.Json;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Cli.Client;

/// <summary>The heads elsewhere that this account may speak to: <c>~/.config/seqsweep/heads.json</c>, which nobody else may read.</summary>
internal static class KnownHeads
{
    private static readonly JsonSerializerOptions Json =
        new(JsonPolicy.Indented) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <returns>Null for a head that nobody signed in to.</returns>
    public static KnownHead? Find(Uri head, Func<string, string?> variable) => Read(variable).GetValueOrDefault(KeyOf(head));

    /// <param name="known">Null forgets the head.</param>
    /// <returns>Where it is kept.</returns>
    /// <exception cref="CommandError">It cannot be written.</exception>
    public static string Keep(Uri head, KnownHead? known, Func<string, string?> variable)
    {
        var path = PathOf(variable) ?? throw new CommandError(
            ExitCodes.NotAllowed, "there is no place to keep a token: neither XDG_CONFIG_HOME nor HOME is set",
            "set SEQSWEEP_TOKEN instead");
        var all = Read(variable);
        _ = all.Remove(KeyOf(head));
        if (known is not null)
        {
            all.Add(KeyOf(head), known);
        }

        try
        {
            PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
            PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(all, Json));
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandError(ExitCodes.NotAllowed, $"cannot write {path}: {error.Message}");
        }
    }

    private static SortedDictionary<string, KnownHead> Read(Func<string, string?> variable)
    {
        try
        {
            return PathOf(variable) is { } path && PrivateFile.TryRead(path) is { } content
                ? JsonSerializer.Deserialize<SortedDictionary<string, KnownHead>>(content, Json) ?? []
                : [];
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new CommandError(
                ExitCodes.NotAllowed, $"cannot read {PathOf(variable)}: {error.Message}", "move it away, and sign in again");
        }
    }

    private static string KeyOf(Uri head) => head.GetLeftPart(UriPartial.Authority);

    private static string? PathOf(Func<string, string?> variable) =>
        UserFolders.Config(variable) is { } config ? Path.Combine(config, "seqsweep", "heads.json") : null;
}

/// <summary>A head that this account signed in to.</summary>
/// <param name="Name">Who this account is there.</param>
/// <param name="Ca">The cluster's authority in PEM; null for a head without TLS.</param>
internal sealed record KnownHead(string Token, string Name, string Role, string? Ca);
