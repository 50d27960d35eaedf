using System.Text;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.SweepFiles;

/// <summary>Findings as text for people, in the form of rustc: code and message, place, the source line with carets, help; then the notes,
/// a line each; the last line counts errors and warnings. Control characters of the file are not passed on to the terminal.</summary>
public static class DiagnosticRenderer
{
    /// <summary>Findings that are shown at most; the rest is counted.</summary>
    public const int MaxShown = 20;

    /// <summary>Units of a source line that are shown; of a longer one, the stretch around the finding.</summary>
    private const int Window = 120;

    /// <summary>All findings of a file with the count; the empty text when there are none.</summary>
    public static string Render(SweepFileResult result) =>
        Render(result.FileName, result.Source, result.Diagnostics, result.More);

    /// <summary>The same, of findings of any text.</summary>
    /// <param name="more">Findings that are not among them.</param>
    public static string Render(string fileName, string source, IReadOnlyList<Diagnostic> diagnostics, int more = 0)
    {
        if (diagnostics.Count == 0) return "";

        var lines = source.Split('\n');
        var text = new StringBuilder();
        // Errors decide whether anything runs, so they are never cut in favour of warnings.
        var shown = diagnostics.Count <= MaxShown
            ? diagnostics
            : [.. diagnostics.OrderBy(d => d.Severity).Take(MaxShown)];
        foreach (var diagnostic in shown.Where(d => d.Severity != Severity.Note))
        {
            Append(text, fileName, lines, diagnostic);
            text.Append('\n');
        }

        var notes = shown.Where(d => d.Severity == Severity.Note).ToList();
        foreach (var note in notes)
        {
            text.Append($"note[{note.Code}]: {fileName}:{note.Line}:{note.Column}: {Printable(note.Message)}\n");
        }

        if (notes.Count == diagnostics.Count && more == 0) return text.ToString();

        text.Append(notes.Count > 0 ? "\n" : "");
        if (diagnostics.Count - shown.Count + more is > 0 and var rest)
        {
            text.Append($"... and {rest} more\n\n");
        }

        return text.Append(Summary(fileName, diagnostics)).Append(more > 0 ? $", and {more} more" : "").Append('\n').ToString();
    }

    /// <summary>The last line: <c>sweep.yaml: 4 errors, 2 warnings</c>. Notes do not count.</summary>
    public static string Summary(string fileName, IReadOnlyList<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Count(d => d.Severity == Severity.Error);
        var warnings = diagnostics.Count(d => d.Severity == Severity.Warning);
        string?[] parts = [errors > 0 ? Count(errors, "error") : null, warnings > 0 ? Count(warnings, "warning") : null];
        return $"{fileName}: {(errors + warnings == 0 ? "no errors" : string.Join(", ", parts.OfType<string>()))}";
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static void Append(StringBuilder text, string fileName, string[] lines, Diagnostic diagnostic)
    {
        var severity = diagnostic.Severity == Severity.Error ? "error" : "warning";
        text.Append($"{severity}[{diagnostic.Code}]: {Printable(diagnostic.Message)}\n");
        text.Append($"  --> {fileName}:{diagnostic.Line}:{diagnostic.Column}\n");
        var number = diagnostic.Line.ToString();
        var margin = new string(' ', number.Length);
        if (diagnostic.Line <= lines.Length && lines[diagnostic.Line - 1].TrimEnd().Length > 0)
        {
            var (line, column) = Cut(lines[diagnostic.Line - 1].TrimEnd('\r'), diagnostic.Column);
            var carets = new string('^', Math.Clamp(diagnostic.Length, 1, Math.Max(1, line.Length - column + 1)));
            var label = diagnostic.Label is null ? "" : " " + Printable(diagnostic.Label);
            text.Append($"{margin} |\n{number} | {Aligned(line)}\n{margin} | {new string(' ', column - 1)}{carets}{label}\n");
        }
        else if (diagnostic.Label is not null)
        {
            text.Append($"{margin} = {Printable(diagnostic.Label)}\n");
        }

        if (diagnostic.Help is not null)
        {
            text.Append($"{margin} = help: {Printable(diagnostic.Help)}\n");
        }
    }

    private static (string Line, int Column) Cut(string line, int column)
    {
        column = Math.Clamp(column, 1, line.Length + 1);
        if (line.Length <= Window) return (line, column);

        var start = Math.Clamp(column - (Window / 2), 0, line.Length - Window);
        return (line.Substring(start, Window), column - start);
    }

    /// <summary>A source line: one unit for one unit, so that the carets stay below what they mean.</summary>
    private static string Aligned(string text) =>
        text.Any(IsHidden) ? string.Concat(text.Select(c => c == '\t' ? ' ' : IsHidden(c) ? '?' : c)) : text;

    /// <summary>A message: what cannot be seen is spelled out, for it may be all that is wrong.</summary>
    private static string Printable(string text) =>
        text.Any(IsHidden)
            ? string.Concat(text.Select(c => c == '\n' ? "\\n" : c == '\t' ? " " : IsHidden(c) ? $"\\u{(int)c:X4}" : c.ToString()))
            : text;

    /// <summary>Control and format characters; the latter reverse text, or have no width.</summary>
    private static bool IsHidden(char c) =>
        c == '\u00A0' || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
