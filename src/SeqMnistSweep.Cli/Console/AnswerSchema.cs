namespace SeqMnistSweep.Cli.Console;

/// <summary>The JSON schemas (draft-07) of what commands write with <c>-o json</c>: a file each in <c>Schemas</c>, named as the command,
/// with a hyphen before a subcommand. With <c>-o jsonl</c> each line is an element of the array, or the object.</summary>
internal static class AnswerSchema
{
    private const string Prefix = "schema.";

    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(AnswerSchema).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal),
    ];

    /// <param name="command">Its words, with spaces or hyphens between them.</param>
    /// <returns>The schema; null for a command that writes no JSON.</returns>
    public static string? Find(string command)
    {
        using var stream = typeof(AnswerSchema).Assembly.GetManifestResourceStream(Prefix + command.Replace(' ', '-'));
        if (stream is null) return null;

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
