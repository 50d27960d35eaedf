using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Cli.Console;

/// <summary>Text of others in CSV: a spreadsheet must not take it for a formula, nor a terminal for a command.</summary>
internal static class CsvField
{
    /// <summary>Stands before what a spreadsheet would compute.</summary>
    private const char Mark = '\'';

    /// <summary>The text with its lines and tabs but without other control characters, and behind a mark where it begins as a formula
    /// does.</summary>
    public static string Harmless(string text)
    {
        var plain = text.Any(OutsideText.Steers)
            ? string.Concat(text.Select(letter => letter is '\n' or '\r' or '\t' || !OutsideText.Steers(letter) ? letter : ' '))
            : text;
        return IsFormula(plain.TrimStart(Mark)) ? Mark + plain : plain;
    }

    /// <summary>What <see cref="Harmless"/> has marked, without the mark.</summary>
    public static string Original(string text) => text is [Mark, .. var rest] && IsFormula(text.TrimStart(Mark)) ? rest : text;

    /// <summary>A number may begin with a sign.</summary>
    private static bool IsFormula(string text) =>
        text.TrimStart() is ['=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20', _, ..]
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
