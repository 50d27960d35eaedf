using System.Text.RegularExpressions;

namespace SeqMnistSweep.Clients;

/// <summary>JSON as Python writes it: NaN and the infinities as bare words, which JSON does not know.</summary>
public static partial class PythonJson
{
    /// <summary>The text with those words quoted.</summary>
    public static string Quoted(string text) =>
        BareNumber().Replace(text, match => match.Groups[1].Success ? $"\"{match.Value}\"" : match.Value);

    /// <summary>Strings are matched whole, so that nothing within one is taken for a number.</summary>
    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|(-?\bInfinity\b|\bNaN\b)
        """, RegexOptions.CultureInvariant)]
    private static partial Regex BareNumber();
}
