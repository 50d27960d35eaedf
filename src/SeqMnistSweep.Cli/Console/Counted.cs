namespace SeqMnistSweep.Cli.Console;

/// <summary>Sizes as a person says them.</summary>
internal static class Counted
{
    /// <summary><c>12 B</c>, <c>3.4 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = bytes switch
        {
            < 1_000 => (bytes, "B"),
            < 1_000_000 => (bytes / 1e3, "kB"),
            < 1_000_000_000 => (bytes / 1e6, "MB"),
            _ => (bytes / 1e9, "GB"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {unit}");
    }
}
