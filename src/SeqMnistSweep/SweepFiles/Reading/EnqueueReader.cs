using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary><c>baseline</c> and <c>enqueue</c>: whole configurations from points that may leave parameters out. A value need not be one that
/// the space would draw, but the program must accept it.</summary>
internal sealed class EnqueueReader(SearchSpace space, DiagnosticBag bag)
{
    /// <param name="baseline">The first of them; null for none.</param>
    /// <param name="runCap">Of the sweep: more configurations are not tried.</param>
    public ImmutableArray<ParameterSet> Read(Section root, ParameterSet? baseline, int? runCap)
    {
        var points = ImmutableArray.CreateBuilder<ParameterSet>();
        var seen = new HashSet<ParameterSet>();
        if (baseline is not null)
        {
            points.Add(baseline);
        }

        foreach (var node in root.Items("enqueue"))
        {
            if (Point(node) is not { } point) continue;

            if (point.Equals(baseline))
            {
                bag.Warning(DiagnosticCodes.Repeated, node.Span, "this point is the baseline, which is tried once", help: "remove it");
                continue;
            }

            if (!seen.Add(point))
            {
                bag.Warning(DiagnosticCodes.Repeated, node.Span, "this point is enqueued twice and is tried twice", help: "remove one");
            }

            points.Add(point);
            if (points.Count == runCap + 1)
            {
                bag.Warning(DiagnosticCodes.BeyondRunCap, node.Span,
                    $"this enqueued point and those after it are not tried: run_cap is {runCap}", help: "raise run_cap");
            }
        }

        return points.ToImmutable();
    }

    /// <summary>The configuration of defaults; null where the file does not ask for it, or it is none, and the bag says why.</summary>
    public ParameterSet? Baseline(Section root)
    {
        if (root.Boolean("baseline") is not true) return null;

        var place = root.SpanOf("baseline");
        var candidate = new Candidate(space);
        for (var i = 0; i < space.Dimensions.Length; i++)
        {
            candidate[i] = space.DefaultOf(space.Dimensions[i]);
        }

        var lacking = Enumerable.Range(0, space.Dimensions.Length).Where(i => candidate.IsActive(i) && candidate[i] is null)
            .Select(i => space.Dimensions[i]).ToList();
        if (lacking is [var first, ..])
        {
            var names = string.Join(", ", lacking.Select(dimension => $"'{dimension.Name}'"));
            bag.Error(DiagnosticCodes.Enqueue, place, $"the baseline is the configuration of defaults, and {names} "
                + $"{(lacking.Count == 1 ? "has" : "have")} none",
                help: $"give each one, as {first.Name}: {{..., default: {first.Distribution.At(0.5)}}}, or remove baseline");
            return null;
        }

        var point = candidate.ToParameterSet();
        if (space.Check(point) is not { } violation) return point;

        bag.Error(DiagnosticCodes.EnqueueInfeasible, place,
            $"the baseline breaks '{space.Constraints[violation.Rule].Require}': {violation.Message}",
            help: "give a parameter a default: with which it does not, or remove baseline");
        return null;
    }

    /// <summary>One point; null when it is none, and the bag says why.</summary>
    public ParameterSet? Point(FileNode node)
    {
        if (node is not FileMap map)
        {
            bag.Error(DiagnosticCodes.WrongType, node.Span, $"'enqueue' takes a list of mappings, not {node.Kind}",
                help: SweepKeys.Find("enqueue")!.Example);
            return null;
        }

        var given = map.Entries.Aggregate(true, (ok, entry) => Check(entry) & ok);
        given &= space.Dimensions.Aggregate(true, (ok, dimension) => CheckKind(dimension, map) & ok);
        var candidate = new Candidate(space);
        for (var i = 0; i < space.Dimensions.Length; i++)
        {
            var dimension = space.Dimensions[i];
            candidate[i] = Given(map, dimension)?.ToValue() ?? space.DefaultOf(dimension);
        }

        for (var i = 0; i < space.Dimensions.Length; i++)
        {
            var name = space.Dimensions[i].Name;
            if (candidate.IsActive(i) && candidate[i] is null)
            {
                bag.Error(DiagnosticCodes.Enqueue, map.Span, $"this enqueued point needs a value for '{name}'", "it has no default");
                given = false;
            }
            else if (!candidate.IsActive(i) && Given(map, space.Dimensions[i]) is { } unused)
            {
                var when = string.Join(
                    ", ", space.Dimensions[i].When!.Terms.Select(term => $"{term.Name} {string.Join(" or ", term.AnyOf)}"));
                bag.Error(DiagnosticCodes.Enqueue, unused.Span, $"'{name}' does not exist at this enqueued point: it needs {when}",
                    help: "leave it out");
                given = false;
            }
        }

        if (!given) return null;

        var point = map.Entries
            .Where(entry => space.Dimensions.All(dimension => dimension.Path[0] != entry.Name && dimension.Name != entry.Name))
            .Aggregate(candidate.ToParameterSet(), (set, entry) => set.With(entry.Name, entry.Value.ToValue()!));
        if (space.Check(point) is { } violation)
        {
            bag.Error(DiagnosticCodes.EnqueueInfeasible, map.Span,
                $"this enqueued point breaks '{space.Constraints[violation.Rule].Require}': {violation.Message}",
                help: "change the point or the rule");
            return null;
        }

        return point;
    }

    private bool Check(FileEntry entry)
    {
        var known = space.Dimensions.Select(dimension => dimension.Name).Concat(space.Dimensions.Select(dimension => dimension.Path[0]))
            .Concat(space.Trainable.Names).Distinct().ToList();
        if (!known.Contains(entry.Name))
        {
            bag.Error(DiagnosticCodes.UnknownKey, entry.Key.Span, $"unknown key '{entry.Name}'", "the sweep has no such parameter",
                NearestName.Suggest(entry.Name, known));
            return false;
        }

        var value = entry.Value.ToValue();
        var parameter = space.Trainable.Find(entry.Name);
        if (value is null || parameter?.IsAccepted(value) == false)
        {
            bag.Error(DiagnosticCodes.NotAccepted, entry.Value.Span,
                $"{entry.Value.Kind} is not accepted: '{entry.Name}' takes {parameter?.Accepts ?? "a finite value"}");
            return false;
        }

        return entry.Value is not FileMap group || space.Find(entry.Name) is not null || Nested(group, entry.Name);
    }

    private bool CheckKind(Dimension dimension, FileMap map) =>
        Given(map, dimension) is not { } node || UnlikeKind.Check(dimension.Name, dimension.Distribution, node, bag);

    private bool Nested(FileMap group, string path)
    {
        var fine = true;
        foreach (var entry in group.Entries)
        {
            var name = $"{path}.{entry.Name}";
            if (space.Find(name) is not null) continue;

            if (entry.Value is FileMap inner
                && space.Dimensions.Any(dimension => dimension.Name.StartsWith(name + ".", StringComparison.Ordinal)))
            {
                fine &= Nested(inner, name);
                continue;
            }

            bag.Error(DiagnosticCodes.UnknownKey, entry.Key.Span, $"unknown key '{name}'", "the sweep has no such parameter",
                NearestName.Suggest(name, [.. space.Dimensions.Select(d => d.Name)]));
            fine = false;
        }

        return fine;
    }

    private static FileNode? Given(FileMap point, Dimension dimension)
    {
        if (point.Find(dimension.Name) is { } direct) return direct.Value;

        FileNode? node = point;
        foreach (var part in dimension.Path)
        {
            node = (node as FileMap)?.Find(part)?.Value;
        }

        return node;
    }
}
