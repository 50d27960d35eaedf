using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Reading;
using SeqMnistSweep.SweepFiles.Wandb;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles;

/// <summary>A sweep file's text to a <see cref="SweepDefinition"/>, with the errors of the file in one run, the first hundred of
/// very many.</summary>
public static class SweepFile
{
    /// <summary>Never throws on any text.</summary>
    /// <param name="fileName">For messages; without its extension also the sweep's name when the file gives none.</param>
    /// <param name="comparedToWandb">Say, as warnings, what W&amp;B refuses of the file or does differently.</param>
    public static SweepFileResult Parse(string text, string fileName, bool comparedToWandb = false) =>
        Parse(text, fileName, comparedToWandb, isStored: false);

    /// <summary>Of a text that was submitted once: whether its constraints leave anything was judged then, which may take 100,000
    /// draws.</summary>
    /// <returns>Null where this program no longer reads it.</returns>
    public static SweepDefinition? ReadStored(string text, string fileName) =>
        Parse(text, fileName, comparedToWandb: false, isStored: true).Definition;

    private static SweepFileResult Parse(string text, string fileName, bool comparedToWandb, bool isStored)
    {
        var bag = new DiagnosticBag();
        if (text.Length > SourceText.MaxLength)
        {
            // Before anything is made of it: a text of that size takes memory each time.
            bag.Error(DiagnosticCodes.TooLarge, SourceSpan.Start,
                $"the file has {text.Length:N0} characters; a sweep file has at most {SourceText.MaxLength:N0}");
            return new SweepFileResult(null, bag.InFileOrder(), fileName, "");
        }

        var source = SourceText.Of(text);
        SweepDefinition? definition = null;
        switch (YamlReader.Read(source, bag))
        {
            case FileMap file:
                definition = new SweepReader(file, fileName, text, bag).Read(isStored);
                if (comparedToWandb)
                {
                    new WandbDifferences(bag).Check(file);
                }

                break;
            case FileScalar { IsNull: true } nothing:
                bag.Error(
                    DiagnosticCodes.Empty, nothing.Span, "the file says nothing", help: "seqsweep init writes a sweep file to start from");
                break;
            case { } other:
                bag.Error(DiagnosticCodes.NotAMapping, other.Span, $"a sweep file is a mapping of keys to values, not {other.Kind}",
                    help: "begin with method: grid");
                break;
        }

        return new SweepFileResult(bag.HasErrors ? null : definition, bag.InFileOrder(), fileName, source.Text) { More = bag.More };
    }

    /// <summary>The <c>description</c> and the <c>tags</c> of a text that was a valid sweep file once, not looking at its search
    /// space.</summary>
    public static (string? Description, ImmutableArray<string> Tags) ReadLabels(string text) =>
        YamlReader.Read(SourceText.Of(text), new DiagnosticBag()) is FileMap file
            ? ((file.Find("description")?.Value as FileScalar)?.Text is { Length: > 0 } said ? said : null,
                file.Find("tags")?.Value is FileList tags ? [.. tags.Items.OfType<FileScalar>().Select(tag => tag.Text).Distinct()] : [])
            : (null, []);
}

/// <param name="Definition">Null exactly when there are errors.</param>
/// <param name="Diagnostics">In the order of the file.</param>
/// <param name="Source">The text, with line feeds as line ends and without a byte order mark: what the findings' places refer to.</param>
public sealed record SweepFileResult(SweepDefinition? Definition, ImmutableArray<Diagnostic> Diagnostics, string FileName, string Source)
{
    /// <summary>Findings beyond <see cref="Diagnostics"/>, which are counted and not told.</summary>
    public int More { get; init; }

    /// <summary>Whether the text makes no sweep.</summary>
    public bool HasErrors => Definition is null;
}
