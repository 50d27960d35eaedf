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

    internal int IndexOf(string name) => _indexByName.GetValueOrDefault(name, -1);
}
