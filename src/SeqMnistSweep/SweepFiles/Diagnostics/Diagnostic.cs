namespace SeqMnistSweep.SweepFiles.Diagnostics;

/// <summary>Whether a finding stops the sweep.</summary>
public enum Severity
{
    /// <summary>The file makes no sweep.</summary>
    Error,

    /// <summary>The sweep runs, maybe not as it was meant.</summary>
    Warning,

    /// <summary>All is well; it is only said.</summary>
    Note,
}

/// <summary>One thing to say about a sweep file.</summary>
/// <param name="Code">A stable name of the kind of finding; see <see cref="DiagnosticCodes"/>.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1, in UTF-16 units.</param>
/// <param name="Length">Units to underline, at least 1; never reaches past the line's end.</param>
/// <param name="Message">What is wrong, as one line.</param>
/// <param name="Label">Why, shown beside the underlined text.</param>
/// <param name="Help">How to put it right.</param>
public sealed record Diagnostic(
    string Code, Severity Severity, int Line, int Column, int Length, string Message, string? Label = null, string? Help = null);
