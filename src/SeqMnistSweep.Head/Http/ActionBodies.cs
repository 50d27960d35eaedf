using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Head.Http;

/// <param name="Reason">Why, as a sentence; it stands in the event log.</param>
/// <param name="By">Who asks: <c>user@host</c>; the caller's address where nobody says.</param>
public sealed record ActionRequest(string? Reason = null, string? By = null);

/// <param name="Trials">Numbers; all failed ones without any.</param>
public sealed record RetryBody(IReadOnlyList<int>? Trials = null, string? Cause = null, string? Reason = null, string? By = null);

/// <param name="Point">Values by parameter as a person writes them.</param>
public sealed record EnqueueBody(IReadOnlyDictionary<string, string> Point, string? Reason = null, string? By = null);

/// <param name="Source">The sweep file's text.</param>
/// <param name="Prior">Sweeps whose results the search begins with.</param>
public sealed record SubmitBody(string Source, string? FileName = null, bool New = false, bool Paused = false, string? Key = null, string? By = null, IReadOnlyList<string>? Prior = null);

/// <param name="Next">Where to read on.</param>
/// <param name="Ended">Whether nothing more will come.</param>
/// <param name="Reason">Why there is no log here, and where it is; null where there is one.</param>
public sealed record LogAnswer(string Text, long Next, bool Ended, string? Reason);

public sealed record SubmittedSweep(string Sweep, bool Continued, string State);

public sealed record RetriedTrials(int Retried);

public sealed record EnqueuedTrials(IReadOnlyList<int> Trials);

/// <summary>Everything that is wrong with a sweep file.</summary>
public sealed record FileFindings(IReadOnlyList<FileFinding> Findings);

public sealed record FileFinding(string Code, string Severity, int Line, int Column, string Message, string? Reason, string? Help)
{
    internal static FileFinding Of(Diagnostic found) => new(
        found.Code, found.Severity == SweepFiles.Diagnostics.Severity.Error ? "error" : "warning", found.Line, found.Column, found.Message, found.Label, found.Help);
}
