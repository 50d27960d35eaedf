using SeqMnistSweep.Outside;

namespace SeqMnistSweep.SweepFiles.Diagnostics;

/// <summary>Collects the findings of one file, each once, although an alias shows the same text in several places.</summary>
internal sealed class DiagnosticBag
{
    /// <summary>Errors that are kept, as many warnings, and as many notes; the rest is counted.</summary>
    public const int MaxKept = 100;

    private const int MaxText = 1000;

    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<Diagnostic> _seen = [];

    public bool HasErrors => Errors > 0;

    /// <summary>How often an error was found, those that were found before included.</summary>
    public int Errors { get; private set; }

    /// <summary>Findings beyond those that are kept.</summary>
    public int More { get; private set; }

    public void Error(string code, SourceSpan at, string message, string? label = null, string? help = null)
    {
        Errors++;
        Add(new Diagnostic(code, Severity.Error, at.Line, at.Column, at.Length, message, label, help));
    }

    /// <param name="help">Asked only where the finding is kept: to find it may take long.</param>
    public void Error(string code, SourceSpan at, string message, string? label, Func<string?> help) =>
        Error(code, at, message, label, IsFull(Severity.Error) ? null : help());

    public void Warning(string code, SourceSpan at, string message, string? label = null, string? help = null) =>
        Add(new Diagnostic(code, Severity.Warning, at.Line, at.Column, at.Length, message, label, help));

    public void Note(string code, SourceSpan at, string message, string? help = null) =>
        Add(new Diagnostic(code, Severity.Note, at.Line, at.Column, at.Length, message, null, help));

    /// <summary>In the order of the file; at one place in the order of finding.</summary>
    public ImmutableArray<Diagnostic> InFileOrder() => [.. _items.OrderBy(d => d.Line).ThenBy(d => d.Column)];

    private bool IsFull(Severity severity) => _items.Count(item => item.Severity == severity) == MaxKept;

    private static string? Short(string? text) => text is null ? null : OutsideText.Shorten(text, MaxText);

    private void Add(Diagnostic diagnostic)
    {
        if (IsFull(diagnostic.Severity))
        {
            More++;
        }
        else if (_seen.Add(diagnostic))
        {
            // A text of the file stands in them, which may be long.
            _items.Add(diagnostic with
            {
                Message = Short(diagnostic.Message)!, Label = Short(diagnostic.Label), Help = Short(diagnostic.Help),
            });
        }
    }
}
