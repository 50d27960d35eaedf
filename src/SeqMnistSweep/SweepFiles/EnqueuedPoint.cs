using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Reading;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles;

/// <summary>A whole configuration from what a person typed, under the rules of the file's <c>enqueue</c>.</summary>
public static class EnqueuedPoint
{
    /// <param name="typed">Values by parameter name, nested ones by their dotted name; others take their only value or default.</param>
    /// <exception cref="SweepRefusedException">A name is unknown, a value not accepted or missing, or the point infeasible.</exception>
    public static ParameterSet Read(SearchSpace space, IReadOnlyDictionary<string, string> typed)
    {
        var nowhere = new SourceSpan(1, 1, 1);
        var bag = new DiagnosticBag();
        var map = new FileMap(nowhere, [.. typed.Select(item => new FileEntry(
            new FileScalar(nowhere, item.Key, IsPlain: false, TextOffset: -1),
            new FileScalar(nowhere, item.Value, IsPlain: !IsText(space, item.Key, item.Value), TextOffset: -1)))]);
        var point = new EnqueueReader(space, bag).Point(map);
        return !bag.HasErrors && point is not null
            ? point
            : throw new SweepRefusedException(
                string.Join("; ", bag.InFileOrder().Where(finding => finding.Severity == Severity.Error).Select(Sentence)));
    }

    /// <summary>Whether <c>1</c> or <c>true</c> stands for that text here: the parameter takes the text, not what it looks like.</summary>
    private static bool IsText(SearchSpace space, string name, string value)
    {
        var plain = PlainScalar.Read(value);
        var text = ParameterValue.Of(value);
        if (plain is null || plain.Kind == ParameterKind.Text) return plain is not null;

        if (space.Trainable.Find(name) is { } parameter)
        {
            return !parameter.IsAccepted(plain) && parameter.IsAccepted(text);
        }

        var listed = space.Find(name)?.Distribution switch
        {
            Categorical list => list.Values,
            Constant constant => [constant.Value],
            _ => ImmutableArray<ParameterValue>.Empty,
        };
        return !listed.Contains(plain) && listed.Contains(text);
    }

    private static string Sentence(Diagnostic finding) =>
        finding.Message + (finding.Label is { } why ? $" ({why})" : "") + (finding.Help is { } help ? $": {help}" : "");
}
