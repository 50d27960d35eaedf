using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.SweepFiles;

/// <param name="Definition">Null exactly when there are errors.</param>
/// <param name="Diagnostics">In the order of the file.</param>
/// <param name="Source">The text, with line feeds as line ends and without a byte order mark: what the findings' places refer to.</param>
public sealed record SweepFileResult(SweepDefinition? Definition, ImmutableArray<Diagnostic> Diagnostics, string FileName, string Source)
{
    /// <summary>Whether the text makes no sweep.</summary>
    public bool HasErrors => Definition is null;
}
