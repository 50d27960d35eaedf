using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>Derived values and constraints, those that belong to the program included.</summary>
internal sealed class RuleReader
{
    private readonly DiagnosticBag _bag;
    private readonly TrainableDescription _trainable;
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _parameters;
    private readonly List<DerivedValue> _derived = [];
    private readonly List<Constraint> _constraints = [];

    public RuleReader(IEnumerable<string> parameters, TrainableDescription trainable, DiagnosticBag bag)
    {
        _bag = bag;
        _trainable = trainable;
        _names.UnionWith(parameters);
        _names.UnionWith(trainable.Names);
        _parameters = [.. _names];
    }

    public ImmutableArray<DerivedValue> Derived => [.. _derived];

    public ImmutableArray<Constraint> Constraints => [.. _constraints];

    /// <summary>Where each constraint stands in the file, by index; null for the built-in one.</summary>
    public List<FileScalar?> Places { get; } = [];

    /// <summary>Where each derived value of the file stands.</summary>
    public Dictionary<string, FileScalar> DerivedPlaces { get; } = new(StringComparer.Ordinal);

    /// <summary>The built-in rule, when it only warns.</summary>
    public BuiltInRule? Wish { get; private set; }

    public void Read(Section root)
    {
        var entries = root.Entries("derived");
        foreach (var derived in _trainable.Rule?.Derived ?? [])
        {
            AddBuiltIn(derived, entries);
        }

        foreach (var (key, value) in entries)
        {
            ReadDerived(key, value);
        }

        foreach (var item in root.Items("constraints"))
        {
            ReadConstraint(item);
        }

        if (_trainable.Rule is { } builtIn)
        {
            if (root.Choice(builtIn.Key) == "warn")
            {
                Wish = builtIn;
            }
            else
            {
                _constraints.Add(builtIn.Rule);
                Places.Add(null);
            }
        }

        foreach (var other in TrainableCatalog.All.Where(other => other.Rule is not null && other.Name != _trainable.Name))
        {
            if (root.Find(other.Rule!.Key) is { } entry)
            {
                _bag.Error(DiagnosticCodes.Contradiction, entry.Key.Span, $"'{entry.Name}' goes with program {other.Name} only",
                    help: "remove it; 'constraints' take rules of your own");
            }
        }
    }

    private void AddBuiltIn(DerivedValue derived, ImmutableArray<FileEntry> entries)
    {
        _names.Add(derived.Name);
        // A user's formula of that name takes its place.
        if (!entries.Any(entry => entry.Name == derived.Name))
        {
            _derived.Add(derived);
        }
    }

    private void ReadDerived(FileScalar key, FileNode node)
    {
        (string Code, string Problem, string Help)? wrong = !Section.IsName(key.Text)
            ? (DiagnosticCodes.BadName, $"'{key.Text}' is no name for a derived value",
                "a name begins with a letter or '_' and goes on with letters, digits and '_'")
            : Expression.Keywords.Contains(key.Text)
            ? (DiagnosticCodes.BadName, $"'{key.Text}' is a word of expressions and no name for a derived value", "give it another name")
            : _parameters.Contains(key.Text)
            ? (DiagnosticCodes.DerivedName, $"the derived value '{key.Text}' has the name of a parameter", "give it another name")
            : null;
        if (wrong is var (code, problem, help))
        {
            _bag.Error(code, key.Span, problem, help: help);
        }
        else if (ReadExpression(node, $"derived.{key.Text}",
            _names.Except(_derived.Exists(d => d.Name == key.Text) ? [] : [key.Text])) is { } formula)
        {
            _derived.Add(new DerivedValue(key.Text, formula));
            DerivedPlaces[key.Text] = (FileScalar)node;
        }

        _names.Add(key.Text);
    }

    private void ReadConstraint(FileNode item)
    {
        if (item is not FileMap && item is FileScalar { Value.Kind: ParameterKind.Text } bare)
        {
            _bag.Error(
                DiagnosticCodes.WrongType, item.Span, "a constraint is a mapping with 'require'", help: "write - require: " + bare.Text);
            return;
        }

        if (Section.Open(item, "constraints", _bag, "constraints") is not { } section) return;

        var message = section.Text("message");
        if (message is not null)
        {
            CheckMessage(message, (FileScalar)section.Node("message")!);
        }

        if (section.Node("require") is not { } require)
        {
            _bag.Error(
                DiagnosticCodes.Missing, item.Span, "a constraint needs 'require'", help: SweepKeys.Find("constraints.require")!.Example);
        }
        else if (ReadExpression(require, "require", _names) is { } rule)
        {
            _constraints.Add(new Constraint(rule, message));
            Places.Add((FileScalar)require);
        }
    }

    private Expression? ReadExpression(FileNode node, string what, IEnumerable<string> names)
    {
        if (node is not FileScalar { IsNull: false } scalar)
        {
            _bag.Error(DiagnosticCodes.WrongType, node.Span, $"'{what}' takes an expression, not {node.Kind}");
            return null;
        }

        try
        {
            var expression = Expression.Parse(scalar.Text);
            var known = names.ToList();
            var unknown = expression.Names.Where(name => !known.Contains(name.Name)).ToList();
            foreach (var (name, offset) in unknown)
            {
                _bag.Error(
                    DiagnosticCodes.UnknownName, scalar.Part(offset, name.Length), $"unknown name '{name}' in '{what}'", null,
                    () => NearestName.Of(name, known) is { } near ? $"did you mean '{near}'?"
                        : _derived.Count > 0 || known.Count > 0 ? "there are: " + string.Join(", ", known) + "; texts are quoted: 'Adam'"
                        : "texts are quoted: 'Adam'");
            }

            return unknown.Count == 0 ? expression : null;
        }
        catch (ExpressionException problem)
        {
            _bag.Error(
                DiagnosticCodes.Expression, scalar.Part(problem.Offset, problem.Length), $"'{what}' cannot be read: {problem.Message}");
            return null;
        }
    }

    private void CheckMessage(string message, FileScalar node)
    {
        foreach (var (name, offset) in Constraint.NamesIn(message).Where(name => !_names.Contains(name.Name)))
        {
            _bag.Error(DiagnosticCodes.UnknownName, node.Part(offset, name.Length), $"unknown name '{name}' in 'message'",
                null, () => NearestName.Suggest(name, _names));
        }
    }
}
