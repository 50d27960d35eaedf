using System.Text.RegularExpressions;

namespace SeqMnistSweep.SweepFiles.Yaml;

/// <summary>What an unquoted scalar means: YAML 1.2's core schema with 64-bit numbers. 1e-4 is a real (PyYAML reads text); yes, no, on and
/// off are text; a decimal integer too large for 64 bits is a real.</summary>
internal static partial class PlainScalar
{
    private static readonly HashSet<string> Yaml11Booleans = new(StringComparer.OrdinalIgnoreCase) { "yes", "no", "on", "off" };

    /// <summary>Null for infinities and NaN, which no parameter can have.</summary>
    public static ParameterValue? Read(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ParameterValue.Null,
        "true" or "True" or "TRUE" => ParameterValue.Of(true),
        "false" or "False" or "FALSE" => ParameterValue.Of(false),
        _ when NotFinite().IsMatch(text) => null,
        _ => Number(text) ?? ParameterValue.Of(text),
    };

    public static bool LooksLikeBoolean(string text) => Yaml11Booleans.Contains(text);

    private static ParameterValue? Number(string text)
    {
        if (text.Length > 400 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.')) return null;

        if (Octal().IsMatch(text)) return FromDigits(text.AsSpan(2), 8);

        if (Hexadecimal().IsMatch(text)) return FromDigits(text.AsSpan(2), 16);

        if (Decimal().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return ParameterValue.Of(integer);
        }

        return Real().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && double.IsFinite(real)
            ? ParameterValue.Of(real)
            : null;
    }

    private static ParameterValue? FromDigits(ReadOnlySpan<char> digits, int radix)
    {
        UInt128 value = 0;
        foreach (var digit in digits)
        {
            value = (value * (UInt128)radix) + (UInt128)Convert.ToInt32(digit.ToString(), 16);
            if (value > long.MaxValue) return null;
        }

        return ParameterValue.Of((long)value);
    }

    [GeneratedRegex(@"\A([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex NotFinite();

    [GeneratedRegex(@"\A0o[0-7]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\A[-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Real();
}
