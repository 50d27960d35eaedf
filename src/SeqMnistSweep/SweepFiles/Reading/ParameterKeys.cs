using System.Text.RegularExpressions;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>One parameter's keys, as the readers of its distribution see them. What is wrong goes into the bag and gives null.</summary>
internal sealed partial class ParameterKeys(Section section, FileMap map, FileScalar key, bool isGrid, DiagnosticBag bag)
{
    private readonly int _errorsBefore = bag.Errors;

    public Section Section => section;

    public DiagnosticBag Bag => bag;

    /// <summary>The parameter's name.</summary>
    public FileScalar Key => key;

    public bool IsGrid => isGrid;

    /// <summary>Whether anything about this parameter was wrong so far.</summary>
    public bool HasFailed => bag.Errors > _errorsBefore;

    /// <summary>The keys that the sweep file knows; others are reported elsewhere.</summary>
    public IEnumerable<FileEntry> Known => map.Entries.Where(entry => SweepKeys.Find($"{SweepKeys.Parameter}.{entry.Name}") is not null);

    public bool Has(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (section.Find(name) is not null) return true;
        }

        return false;
    }

    public bool IsInteger(string name) => section.Node(name) is FileScalar { Value.Kind: ParameterKind.Integer };

    public bool Need(string name)
    {
        if (Has(name)) return true;

        var example = SweepKeys.Find($"{SweepKeys.Parameter}.{name}")!.Example;
        bag.Error(DiagnosticCodes.Missing, key.Span, $"the parameter '{key.Text}' lacks '{name}'", help: example);
        return false;
    }

    /// <summary>A number that must be there.</summary>
    public FileScalar? Bound(string name) => Need(name) && section.Real(name) is not null ? section.Node(name) as FileScalar : null;

    public bool InOrder(FileScalar? min, FileScalar? max)
    {
        if (min is null || max is null) return false;

        var order = min.Value!.AsReal().CompareTo(max.Value!.AsReal());
        if (order >= 0)
        {
            bag.Error(
                DiagnosticCodes.MinMax, min.Span, $"'min' ({min.Text}) {(order == 0 ? "equals" : "is greater than")} 'max' ({max.Text})",
                help: order == 0 ? $"for one value write {key.Text}: {{value: {min.Text}}}" : "swap them");
        }

        return order < 0;
    }

    public ParameterValue? Value(FileNode node)
    {
        var value = node.ToValue();
        if (value is null)
        {
            bag.Error(DiagnosticCodes.WrongType, node.Span, $"a value of '{key.Text}' is infinite or not a number",
                help: "parameters are finite");
        }

        return value;
    }

    /// <summary>All values of a list; none when one of them is wrong.</summary>
    public ImmutableArray<ParameterValue> Values(ImmutableArray<FileNode> nodes)
    {
        var values = nodes.Select(Value).ToList();
        WarnOfNumbersAsText(nodes);
        return values.Contains(null) ? [] : [.. values!];
    }

    /// <summary>YAML 1.2 reads <c>1_000</c> as text, and in a list of numbers <c>10k</c> is hardly meant as one.</summary>
    private void WarnOfNumbersAsText(ImmutableArray<FileNode> nodes)
    {
        var texts = nodes.OfType<FileScalar>().Where(node => node.IsPlain && node.Value?.Kind == ParameterKind.Text).ToList();
        var isOfNumbers = nodes.Length - texts.Count > 0
            && nodes.Except(texts).All(node => node is FileScalar { Value: { IsNumber: true } or { Kind: ParameterKind.Null } });
        foreach (var node in texts)
        {
            var number = PlainScalar.Read(node.Text.Replace("_", "", StringComparison.Ordinal));
            if (number?.IsNumber != true && !(isOfNumbers && BeginsAsNumber().IsMatch(node.Text))) continue;

            bag.Warning(DiagnosticCodes.NumberAsText, node.Span,
                $"'{node.Text}' is text here{(isOfNumbers ? ", in a list of numbers" : "")}",
                help: $"write {(number?.IsNumber == true ? number : "a number")}, or \"{node.Text}\" to keep the text");
        }
    }

    [GeneratedRegex(@"\A[-+]?\.?[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex BeginsAsNumber();
}
