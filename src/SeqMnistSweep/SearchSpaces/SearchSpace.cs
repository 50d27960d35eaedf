namespace SeqMnistSweep.SearchSpaces;

/// <summary>The named dimensions of a sweep with the rules between them, in the file's order. Immutable; rules' names exist.</summary>
public sealed class SearchSpace
{
    private readonly Dictionary<string, int> _indexByName;

    internal SearchSpace(ImmutableArray<Dimension> dimensions, ImmutableArray<ImmutableArray<string>> zips,
        ImmutableArray<DerivedValue> derived, ImmutableArray<Constraint> constraints, TrainableDescription trainable)
    {
        Dimensions = dimensions;
        Zips = zips;
        Derived = derived;
        Constraints = constraints;
        Trainable = trainable;
        _indexByName = dimensions.Select((dimension, i) => (dimension.Name, i)).ToDictionary(
            pair => pair.Name, pair => pair.i, StringComparer.Ordinal);
    }

    /// <summary>Every parameter of the file, constants included.</summary>
    public ImmutableArray<Dimension> Dimensions { get; }

    /// <summary>Groups of parameters whose lists move together, each parameter in one group at most.</summary>
    public ImmutableArray<ImmutableArray<string>> Zips { get; }

    /// <summary>Each may use the ones before it.</summary>
    public ImmutableArray<DerivedValue> Derived { get; }

    /// <summary>The file's rules, and after them the program's own.</summary>
    public ImmutableArray<Constraint> Constraints { get; }

    /// <summary>What is run: gives defaults to rules that name parameters which the file leaves out.</summary>
    public TrainableDescription Trainable { get; }

    /// <summary>Names of the parameters that take more than one value, nested ones with dots.</summary>
    public IEnumerable<string> Varied => Dimensions.Where(dimension => dimension.Distribution.Varies).Select(dimension => dimension.Name);

    /// <summary>The parameter of that name, a nested one by its dotted name; null where the file has none.</summary>
    public Dimension? Find(string name) => _indexByName.TryGetValue(name, out var index) ? Dimensions[index] : null;

    /// <summary>A configuration's value of a parameter, a nested one by its dotted name, else the program's default, else null.</summary>
    public ParameterValue? ValueOf(ParameterSet point, string name) => Written(point, name) ?? Trainable.Find(name)?.Default;

    /// <summary>The value of a parameter of the file where nobody gives another: its constant, the file's default, or the program's; null
    /// where there is none.</summary>
    public ParameterValue? DefaultOf(Dimension dimension) =>
        (dimension.Distribution as Constant)?.Value ?? dimension.Default ?? Trainable.Find(dimension.Name)?.Default;

    /// <summary>A configuration's own value of a parameter, a nested one by its dotted name; null where it has none.</summary>
    public static ParameterValue? Written(ParameterSet point, string name)
    {
        if (point.TryGetValue(name, out var value)) return value;

        var parts = name.Split('.');
        value = parts.Length > 1 ? point[parts[0]] : null;
        for (var i = 1; i < parts.Length && value is not null; i++)
        {
            value = value.Kind == ParameterKind.Map ? value.AsMap().FirstOrDefault(item => item.Key == parts[i]).Value : null;
        }

        return value;
    }

    /// <summary>The first rule that a configuration breaks, or null when it is feasible.</summary>
    public Violation? Check(ParameterSet point) => new RuleScope(this, name => ValueOf(point, name)).FirstViolation();

    /// <summary>Dimensions that move together, by their indices: the zips, and after them every other one alone.</summary>
    internal IEnumerable<ImmutableArray<int>> Groups => Zips.Select(zip => zip.Select(IndexOf).ToImmutableArray()).Concat(
        Enumerable.Range(0, Dimensions.Length).Where(i => !Zips.Any(zip => zip.Contains(Dimensions[i].Name)))
            .Select(i => ImmutableArray.Create(i)));

    internal int IndexOf(string name) => _indexByName.GetValueOrDefault(name, -1);

    /// <summary>The rows of a group's lists.</summary>
    internal IEnumerable<ImmutableArray<ParameterValue>> Rows(ImmutableArray<int> group)
    {
        var lists = group.Select(i => ((Categorical)Dimensions[i].Distribution).Values).ToList();
        return Enumerable.Range(0, lists[0].Length).Select(row => lists.Select(list => list[row]).ToImmutableArray());
    }
}

/// <summary>One parameter of a search space.</summary>
/// <param name="Path">The name, or for a nested parameter the names of its maps and then its own.</param>
/// <param name="When">When the parameter exists; null for always.</param>
/// <param name="Default">What the file gives as its usual value; null where it gives none.</param>
public sealed record Dimension(
    ImmutableArray<string> Path, Distribution Distribution, ActiveWhen? When = null, ParameterValue? Default = null,
    ParameterBelief? Belief = null)
{
    /// <summary>The path with dots: <c>optimizer.beta1</c>.</summary>
    public string Name { get; } = string.Join('.', Path);
}

/// <summary>A parameter is active when every named parameter is active and has one of the values given for it.</summary>
public sealed record ActiveWhen(ImmutableArray<ActiveWhen.Term> Terms)
{
    /// <summary>One parameter with the values of which it must have one.</summary>
    public sealed record Term(string Name, ImmutableArray<ParameterValue> AnyOf);
}
