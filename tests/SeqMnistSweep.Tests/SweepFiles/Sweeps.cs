using SeqMnistSweep.Definitions;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.SweepFiles;

/// <summary>Short ways to sweep files and what is said of them.</summary>
internal static class Sweeps
{
    public static SweepFileResult Parse(string text) => SweepFile.Parse(text, "sweep.yaml");

    /// <summary>The definition of a file that must be free of errors.</summary>
    public static SweepDefinition Valid(string text)
    {
        var result = Parse(text);
        Assert.True(result.Definition is not null, DiagnosticRenderer.Render(result));
        return result.Definition;
    }

    /// <summary><c>W101:3:5</c> for each finding.</summary>
    public static string[] Findings(string text) => [.. Parse(text).Diagnostics.Select(d => $"{d.Code}:{d.Line}:{d.Column}")];
}
