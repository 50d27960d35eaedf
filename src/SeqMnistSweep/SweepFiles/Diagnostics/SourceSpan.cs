namespace SeqMnistSweep.SweepFiles.Diagnostics;

/// <summary>A stretch of one line of the file. Line and column count from 1; the length is at least 1.</summary>
internal readonly record struct SourceSpan(int Line, int Column, int Length)
{
    public static SourceSpan Start { get; } = new(1, 1, 1);
}
