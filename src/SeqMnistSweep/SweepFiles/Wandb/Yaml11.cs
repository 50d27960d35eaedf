using System.Text.RegularExpressions;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Wandb;

/// <summary>What an unquoted scalar means to PyYAML, which W&amp;B uses: YAML 1.1. 1e-4 is text there, yes is true, 010 is 8.</summary>
internal static partial class Yaml11
{
    /// <summary>Null for infinities, NaN, dates and what no 64-bit number holds.</summary>
    public static ParameterValue? Read(FileScalar scalar)
    {
        var text = scalar.Text;
        if (!scalar.IsPlain) return ParameterValue.Of(text);

        if (scalar.IsReal) return scalar.Value;

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => ParameterValue.Null,
            _ when True().IsMatch(text) => ParameterValue.Of(true),
            _ when False().IsMatch(text) => ParameterValue.Of(false),
            _ when text.Length > 400 => ParameterValue.Of(text),
            _ when Sexagesimal().IsMatch(text) => Sixties(text),
            _ when Octal().IsMatch(text) => Digits(text, 8),
            _ when Binary().IsMatch(text) => Digits(text.Replace("0b", "", StringComparison.Ordinal), 2),
            _ when Hexadecimal().IsMatch(text) => Digits(text.Replace("0x", "", StringComparison.Ordinal), 16),
            _ when Integer().IsMatch(text) => long.TryParse(
                Bare(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                ? ParameterValue.Of(integer)
                : null,
            _ when Real().IsMatch(text) => double.Parse(Bare(text), NumberStyles.Float, CultureInfo.InvariantCulture) is var real
                && double.IsFinite(real)
                ? ParameterValue.Of(real)
                : null,
            _ when NotFinite().IsMatch(text) || Date().IsMatch(text) => null,
            _ => ParameterValue.Of(text),
        };
    }

    /// <summary>A real as both versions of YAML read it: with a point, and a sign in the exponent.</summary>
    public static string Real(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = at < 0 ? text : text[..at];
        return (mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".0") + (at < 0 ? "" : "e" + text[(at + 1)..]);
    }

    private static string Bare(string text) => text.Replace("_", "", StringComparison.Ordinal);

    private static ParameterValue? Digits(string text, int radix)
    {
        Int128 value = 0;
        foreach (var c in Bare(text).TrimStart('+', '-'))
        {
            value = (value * radix) + Convert.ToInt32(c.ToString(), 16);
            if (value > long.MaxValue) return null;
        }

        return ParameterValue.Of((long)(text.StartsWith('-') ? -value : value));
    }

    /// <summary>1:30 is ninety.</summary>
    private static ParameterValue? Sixties(string text)
    {
        var value = Bare(text).TrimStart('+', '-').Split(':').Aggregate(
            0.0, (sum, part) => (sum * 60) + double.Parse(part, CultureInfo.InvariantCulture));
        value = text.StartsWith('-') ? -value : value;
        return text.Contains('.', StringComparison.Ordinal) ? ParameterValue.Of(value) : Math.Abs(value) < 9e18 ? ParameterValue
            .Of((long)value) : null;
    }

    [GeneratedRegex(@"\A(yes|Yes|YES|true|True|TRUE|on|On|ON)\z", RegexOptions.CultureInvariant)]
    private static partial Regex True();

    [GeneratedRegex(@"\A(no|No|NO|false|False|FALSE|off|Off|OFF)\z", RegexOptions.CultureInvariant)]
    private static partial Regex False();

    [GeneratedRegex(@"\A[-+]?([1-9][0-9_]*(:[0-5]?[0-9])+|[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sexagesimal();

    [GeneratedRegex(@"\A[-+]?0[0-7_]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A[-+]?0b[01_]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Binary();

    [GeneratedRegex(@"\A[-+]?0x[0-9a-fA-F_]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9_]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A([-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Real();

    [GeneratedRegex(@"\A([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex NotFinite();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
