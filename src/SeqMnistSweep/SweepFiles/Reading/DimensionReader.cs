using System.Text.RegularExpressions;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>A dimension with the places its later checks point at.</summary>
/// <param name="When">The conditions as written, its own and those of the mappings around it.</param>
/// <param name="Default">As the file gives it; null where it gives none.</param>
/// <param name="Belief">Its <c>prior</c>.</param>
internal sealed record ReadDimension(
    ImmutableArray<string> Path, Distribution Distribution, FileScalar Key, FileMap Node, ImmutableArray<FileEntry> When,
    ParameterValue? Default, ParameterBelief? Belief)
{
    public string Name { get; } = string.Join('.', Path);
}

/// <summary><c>parameters</c> to dimensions, nested ones included.</summary>
internal sealed partial class DimensionReader(TrainableDescription trainable, bool isGrid, DiagnosticBag bag)
{
    private readonly List<ReadDimension> _dimensions = [];

    public List<ReadDimension> Read(ImmutableArray<FileEntry> parameters)
    {
        Read(parameters, [], []);
        foreach (var clash in _dimensions.GroupBy(dimension => dimension.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            bag.Error(DiagnosticCodes.PathConflict, clash.Last().Key.Span,
                $"the parameter '{clash.Key}' is given twice, once nested and once with a dot in its name", help: "keep one of the two");
        }

        return _dimensions.DistinctBy(dimension => dimension.Name, StringComparer.Ordinal).ToList();
    }

    private void Read(ImmutableArray<FileEntry> parameters, ImmutableArray<string> parents, ImmutableArray<FileEntry> conditions)
    {
        foreach (var (key, value) in parameters)
        {
            var path = parents.Add(key.Text);
            if (!NamePattern().IsMatch(key.Text))
            {
                bag.Error(
                    DiagnosticCodes.BadName, key.Span, $"'{key.Text}' is no parameter name",
                    help: "a name begins with a letter, a digit or '_', after Hydra's '+' or '~' if need be, and goes on with letters, "
                        + "digits, '_', '.', '/', ':' and '-'");
                continue;
            }

            if (value is not FileMap map)
            {
                var help = value is FileList ? $"{key.Text}: {{values: [...]}}" : $"{key.Text}: {{value: {(value as FileScalar)?.Text}}}";
                bag.Error(DiagnosticCodes.WrongType, value.Span, $"the parameter '{key.Text}' takes a mapping, not {value.Kind}",
                    help: "write " + help);
                continue;
            }

            if (parents.IsEmpty && trainable.Find(key.Text) is null && !trainable.TakesOthers)
            {
                bag.Error(DiagnosticCodes.UnknownKey, key.Span, $"unknown key '{key.Text}'",
                    $"program '{trainable.Name}' has no such parameter", () => NearestName.Suggest(key.Text, [.. trainable.Names]));
            }

            if (Section.Open(map, SweepKeys.Parameter, bag, string.Join('.', path)) is not { } section)
            {
                continue;
            }

            var active = conditions.AddRange(section.Entries("when"));
            if (section.Find("parameters") is { } nested)
            {
                ReadNested(section, nested, map, path, active);
            }
            else if (DistributionReader.Read(new ParameterKeys(section, map, key, isGrid, bag)) is { } distribution)
            {
                var dimension = new ReadDimension(
                    path, distribution, key, map, active, ReadDefault(section, path, distribution),
                    BeliefReader.Read(section, string.Join('.', path), distribution, bag));
                CheckAccepted(dimension, section);
                _dimensions.Add(dimension);
            }
        }
    }

    private void ReadNested(
        Section section, FileEntry nested, FileMap map, ImmutableArray<string> path, ImmutableArray<FileEntry> conditions)
    {
        foreach (var entry in map.Entries
            .Where(
                entry => entry.Name is not ("parameters" or "when") && SweepKeys.Find($"{SweepKeys.Parameter}.{entry.Name}") is not null))
        {
            bag.Error(DiagnosticCodes.Contradiction, entry.Key.Span, $"'{entry.Name}' does not go with nested 'parameters'",
                help: "a parameter is one value, a list, a range, or a group of parameters");
        }

        if (path.Length == 1 && trainable.Find(path[0]) is { } parameter)
        {
            bag.Error(
                DiagnosticCodes.NotAccepted, nested.Key.Span, $"'{parameter.Name}' takes {parameter.Accepts}, not a group of parameters");
            return;
        }

        if (section.Entries("parameters") is { IsEmpty: false } inner)
        {
            Read(inner, path, conditions);
        }
        else if (nested.Value is FileMap)
        {
            bag.Error(DiagnosticCodes.NoValues, nested.Value.Span, $"'{string.Join('.', path)}' holds no parameters");
        }
    }

    private ParameterValue? ReadDefault(Section section, ImmutableArray<string> path, Distribution distribution)
    {
        if (section.Node("default") is not { } node) return null;

        var name = string.Join('.', path);
        var value = node.ToValue();
        var parameter = trainable.Find(name);
        if (value is null || parameter?.IsAccepted(value) == false)
        {
            bag.Error(DiagnosticCodes.NotAccepted, node.Span,
                $"{node.Kind} is not accepted: '{name}' takes {parameter?.Accepts ?? "a finite value"}");
            return null;
        }

        return UnlikeKind.Check(name, distribution, node, bag) ? value : null;
    }

    private void CheckAccepted(ReadDimension dimension, Section section)
    {
        if (trainable.Find(dimension.Name) is not { } parameter) return;

        var places = section.Node("values") is FileList list
            ? list.Items.Select(item => item.Span).ToList()
            : [section.Find("value")?.Value.Span ?? section.Find("min")?.Value.Span ?? dimension.Key.Span, section.Find("max")?.Value.Span
            ?? dimension.Key.Span];
        foreach (var (end, i) in dimension.Distribution.Ends.Select((end, i) => (end, i)))
        {
            if (end is null)
            {
                bag.Error(DiagnosticCodes.NotAccepted, places[0],
                    $"'{dimension.Distribution.Name}' can draw any number, but '{parameter.Name}' takes {parameter.Accepts}",
                    help: "use a distribution with min and max");
            }
            else if (!parameter.IsAccepted(end))
            {
                var written = (section.Node("values") as FileList)?.Items.ElementAtOrDefault(i) ?? section.Node("value");
                var what = places.Count == 2 && section.Find("min") is not null
                    && end.ToString() != (section.Node(i == 0 ? "min" : "max") as FileScalar)?.Text
                    ? $"'{dimension.Distribution.Name}' can draw {end}, but"
                    : $"{(written is FileScalar { IsNull: false } ? written.Kind : end)} is not accepted:";
                bag.Error(DiagnosticCodes.NotAccepted, places[Math.Min(i, places.Count - 1)],
                    $"{what} '{parameter.Name}' takes {parameter.Accepts}", help: HelpFor(parameter, dimension.Distribution, end));
            }
        }
    }

    private static string? HelpFor(TrainableParameter parameter, Distribution distribution, ParameterValue value)
    {
        if (distribution is Quantized { IsInteger: false } && parameter.Default?.Kind == ParameterKind.Integer)
        {
            return "write q as an integer: only then the results are integers";
        }

        if (value.Kind == ParameterKind.Real && parameter.Default?.Kind == ParameterKind.Integer
            && value.AsReal() == Math.Floor(value.AsReal()) && Math.Abs(value.AsReal()) < long.MaxValue)
        {
            return "write the number without a point";
        }

        if (value.Kind == ParameterKind.Text && PlainScalar.Read(value.AsText()) is { Kind: not ParameterKind.Text } unquoted
            && parameter.IsAccepted(unquoted))
        {
            return "write it without quotes";
        }

        if (value.Kind == ParameterKind.Text && PlainScalar.LooksLikeBoolean(value.AsText()))
        {
            return "write true or false";
        }

        return value.Kind == ParameterKind.Text && NearestName.Of(value.AsText(), parameter.Choices) is { } near
            ? $"did you mean '{near}'?"
            : null;
    }

    [GeneratedRegex(@"\A[+~]{0,2}[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
