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
            Node(space, item.Key, item.Value, nowhere)))]);
        var point = new EnqueueReader(space, bag).Point(map);
        return !bag.HasErrors && point is not null
            ? point
            : throw new SweepRefusedException(
                string.Join("; ", bag.InFileOrder().Where(finding => finding.Severity == Severity.Error).Select(Sentence)));
    }

    /// <summary>Values that the search itself would not try, a sentence each; they are allowed, and a mistake looks the same.</summary>
    /// <param name="point">As <see cref="Read"/> gives it.</param>
    public static IEnumerable<string> Unusual(SearchSpace space, ParameterSet point)
    {
        foreach (var (name, value) in FlatParameters.Of(point, space))
        {
            if (space.Find(name)?.Distribution is not { } distribution) continue;

            var ends = distribution.Ends.ToList();
            if (distribution.Listed is { IsDefaultOrEmpty: false } listed)
            {
                if (!listed.Contains(value)) yield return $"{name}={value} is none of {string.Join(", ", listed)}";
            }
            else if (value.IsNumber && ends is [{ IsNumber: true } low, { IsNumber: true } high]
                && !(value.AsReal() >= low.AsReal() && value.AsReal() <= high.AsReal()))
            {
                yield return $"{name}={value} lies outside of {low} to {high}";
            }
        }
    }

    /// <summary>A list or a map only where the space has that very one.</summary>
    private static FileNode Node(SearchSpace space, string name, string value, SourceSpan nowhere) =>
        value is ['[' or '{', ..] && space.Find(name)?.Distribution.Listed is { IsDefaultOrEmpty: false } listed
            && listed.Any(one => one.Kind is ParameterKind.List or ParameterKind.Map && one.ToJson() == value)
            && YamlReader.Read(SourceText.Of(value), new DiagnosticBag()) is { } node
            ? node
            : new FileScalar(nowhere, value, IsPlain: !IsText(space, name, value), TextOffset: -1);

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

        return space.Find(name)?.Distribution.Listed is { IsDefaultOrEmpty: false } listed && !listed.Contains(plain)
            && listed.Contains(text);
    }

    private static string Sentence(Diagnostic finding) =>
        finding.Message + (finding.Label is { } why ? $" ({why})" : "") + (finding.Help is { } help ? $": {help}" : "");
}
