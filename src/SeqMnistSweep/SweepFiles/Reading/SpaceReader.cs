using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>What ties dimensions together: conditions and zips. Names are checked here, so the search space need not.</summary>
internal sealed class SpaceReader(IReadOnlyList<ReadDimension> dimensions, TrainableDescription trainable, DiagnosticBag bag)
{
    private readonly Dictionary<string, ReadDimension> _byName = dimensions.ToDictionary(
        dimension => dimension.Name, StringComparer.Ordinal);

    public ImmutableArray<Dimension> Dimensions()
    {
        foreach (var dimension in dimensions)
        {
            if (WaitsForItself(dimension))
            {
                bag.Error(DiagnosticCodes.When, dimension.When[0].Key.Span, $"the parameter '{dimension.Name}' waits for itself",
                    help: "conditions must not go round in a circle");
                return [.. dimensions.Select(d => new Dimension(d.Path, d.Distribution, Default: d.Default, Belief: d.Belief))];
            }
        }

        return [.. dimensions.Select(
            dimension => new Dimension(
                dimension.Path, dimension.Distribution, Condition(dimension), dimension.Default, dimension.Belief))];
    }

    public ImmutableArray<ImmutableArray<string>> Zips(Section root)
    {
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in root.Items("zip"))
        {
            if (item is not FileList list || list.Items.Length < 2 || !list.Items.All(name => name is FileScalar))
            {
                bag.Error(DiagnosticCodes.Zip, item.Span, $"'zip' takes lists of two or more parameter names, not {item.Kind}",
                    help: "zip: [[levels, kernel_size]]");
                continue;
            }

            var names = list.Items.Cast<FileScalar>().ToList();
            if (names.Select(name => Zipped(name, used)).ToList() is var lengths && lengths.Contains(null))
            {
                continue;
            }

            if (lengths.Distinct().Count() > 1)
            {
                bag.Error(DiagnosticCodes.Zip, list.Span, "zipped parameters need lists of one length",
                    string.Join(", ", names.Zip(lengths, (name, length) => $"{name.Text} has {length}")),
                    "give each the same number of values");
                continue;
            }

            groups.Add([.. names.Select(name => name.Text)]);
        }

        return groups.ToImmutable();
    }

    /// <summary>A value of a list, or the values of a zip together, that occur twice. Of those that are zipped one alone may.</summary>
    public void WarnOfRepeats(ImmutableArray<ImmutableArray<string>> zips)
    {
        foreach (var dimension in dimensions.Where(dimension => !zips.Any(zip => zip.Contains(dimension.Name))))
        {
            WarnOfRepeats([dimension]);
        }

        foreach (var zip in zips)
        {
            WarnOfRepeats([.. zip.Select(name => _byName[name])]);
        }
    }

    private void WarnOfRepeats(List<ReadDimension> together)
    {
        if (together[0].Node.Entries.FirstOrDefault(entry => entry.Name == "values")?.Value is not FileList list) return;

        var seen = new HashSet<ParameterValue>();
        for (var i = 0; i < list.Items.Length; i++)
        {
            ImmutableArray<ParameterValue> row = [.. together.Select(dimension => dimension.Distribution).OfType<Categorical>()
                .Where(values => i < values.Values.Length).Select(values => values.Values[i])];
            if (row.Length == together.Count && !seen.Add(ParameterValue.ListOf(row)))
            {
                bag.Warning(
                    DiagnosticCodes.Repeated, list.Items[i].Span,
                    row is [var value]
                        ? $"the value {value} occurs twice; the grid tries it once"
                        : $"the values {string.Join(", ", row)} occur together twice; the grid tries them once");
            }
        }
    }

    private int? Zipped(FileScalar name, HashSet<string> used)
    {
        if (!_byName.TryGetValue(name.Text, out var dimension))
        {
            bag.Error(DiagnosticCodes.Zip, name.Span, $"'zip' names '{name.Text}', which is not in 'parameters'",
                null, () => NearestName.Suggest(name.Text, [.. _byName.Keys]));
            return null;
        }

        if (dimension.Distribution is not Categorical list)
        {
            bag.Error(DiagnosticCodes.Zip, name.Span, $"'{name.Text}' has no 'values' to move along", dimension.Distribution.Name,
                $"give {name.Text}: {{values: [...]}}");
            return null;
        }

        if (!used.Add(name.Text))
        {
            bag.Error(DiagnosticCodes.Zip, name.Span, $"'{name.Text}' is zipped twice");
            return null;
        }

        return list.Values.Length;
    }

    private ActiveWhen? Condition(ReadDimension dimension)
    {
        var terms = dimension.When.Select(entry => Term(dimension, entry)).OfType<ActiveWhen.Term>().ToImmutableArray();
        return terms.IsEmpty ? null : new ActiveWhen(terms);
    }

    private ActiveWhen.Term? Term(ReadDimension dimension, FileEntry entry)
    {
        var target = _byName.GetValueOrDefault(entry.Name);
        var parameter = trainable.Find(entry.Name);
        if (target is null && parameter?.Default is null)
        {
            bag.Error(
                DiagnosticCodes.When, entry.Key.Span, $"'when' of '{dimension.Name}' names '{entry.Name}', which is not in 'parameters'",
                null, () => NearestName.Suggest(entry.Name, [.. _byName.Keys]));
            return null;
        }

        var nodes = entry.Value is FileList list ? list.Items : [entry.Value];
        var values = nodes.Select(node => node.ToValue()).ToList();
        if (values.Count == 0 || values.Contains(null))
        {
            bag.Error(DiagnosticCodes.When, entry.Value.Span, $"'when' takes a value of '{entry.Name}' or a list of them");
            return null;
        }

        var possible = target?.Distribution switch
        {
            Constant or Categorical or WeightedCategorical => target.Distribution.Ends.ToList(),
            null => [parameter!.Default],
            _ => null,
        };
        if (possible is not null && !values.Exists(possible.Contains))
        {
            bag.Error(DiagnosticCodes.When, entry.Value.Span,
                $"'{entry.Name}' never is {string.Join(" or ", values)}, so '{dimension.Name}' would never be used",
                help: $"'{entry.Name}' is {string.Join(", ", possible)}");
            return null;
        }

        return new ActiveWhen.Term(entry.Name, [.. values!]);
    }

    private bool WaitsForItself(ReadDimension start)
    {
        var open = new Stack<ReadDimension>([start]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out var dimension))
        {
            foreach (var entry in dimension.When)
            {
                if (entry.Name == start.Name) return true;

                if (_byName.TryGetValue(entry.Name, out var next) && seen.Add(next.Name))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }
}
