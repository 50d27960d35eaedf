using System.Text.RegularExpressions;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>Durations and sizes as people write them.</summary>
public static partial class Quantities
{
    /// <summary>Parts in falling order, each unit once: <c>1h30m</c>, <c>2d</c>, <c>500ms</c>, <c>1.5h</c>; a bare number means seconds.
    /// Above 0, at most ten years.</summary>
    public static TimeSpan? Duration(string text)
    {
        var match = DurationPattern().Match(text.Trim());
        if (!match.Success)
        {
            return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                ? InRange(seconds)
                : null;
        }

        return InRange((Part("d") * 86400) + (Part("h") * 3600) + (Part("m") * 60) + Part("s") + (Part("ms") / 1000));

        double Part(string unit) => match.Groups[unit].Success
            ? double.Parse(match.Groups[unit].ValueSpan, CultureInfo.InvariantCulture)
            : 0;
    }

    /// <summary>Bytes: <c>4GiB</c> (2^30), <c>2GB</c> (10^9), <c>512MiB</c>, or a bare number. Above 0.</summary>
    public static long? Size(string text)
    {
        var match = SizePattern().Match(text.Trim());
        if (!match.Success) return null;

        double unit = match.Groups["unit"].Value switch
        {
            "KiB" => 1L << 10,
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            "TiB" => 1L << 40,
            "kB" or "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "TB" => 1e12,
            _ => 1,
        };
        var bytes = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * unit;
        return bytes is >= 1 and < 1e18 ? (long)bytes : null;
    }

    private static TimeSpan? InRange(double seconds) => seconds is > 0 and <= 10 * 366 * 86400.0 ? TimeSpan.FromSeconds(seconds) : null;

    [GeneratedRegex(
        @"\A(?=.)((?<d>\d{1,9}(\.\d{1,9})?)d)?\s?((?<h>\d{1,9}(\.\d{1,9})?)h)?\s?"
        + @"((?<m>\d{1,9}(\.\d{1,9})?)m(?!s))?\s?((?<s>\d{1,9}(\.\d{1,9})?)s)?\s?((?<ms>\d{1,9}(\.\d{1,9})?)ms)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"\A(?<number>\d{1,18}(\.\d{1,9})?)\s?(?<unit>KiB|MiB|GiB|TiB|kB|KB|MB|GB|TB|B)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SizePattern();
}
