namespace SeqMnistSweep.Sampling.Axes;

/// <summary>One direction in which a model-based sampler moves: a parameter that varies, or a group whose lists move together. A place on
/// it is a unit in [0, 1], the quantile of the parameter's own distribution: so a logarithmic range is even, and what the file draws more
/// often takes more room. A parameter with few values has a cell for each; lists of three numbers or more are in order of size.</summary>
internal sealed class Axis
{
    /// <summary>Values up to which each has its own cell; beyond, neighbours are so close that the range may count as continuous.</summary>
    public const int MaxCells = 40;

    private const int Halvings = 44;

    private readonly Distribution _first;
    private readonly ImmutableArray<ParameterValue> _cellValues;   // of the first dimension
    private readonly Dictionary<ParameterValue, int> _cellOf = []; // of each of them; of a group by the row's list
    private readonly ImmutableArray<ImmutableArray<ParameterValue>> _tuples;

    private Axis(ImmutableArray<int> dimensions, Distribution first, ImmutableArray<ImmutableArray<ParameterValue>> tuples)
    {
        Dimensions = dimensions;
        _first = first;
        _tuples = tuples;
        var weighted = tuples.IsDefault
            ? WeightedValues(first)
            : [.. Enumerable.Range(0, tuples.Length).Select(row => (ParameterValue.Of(row), 1.0 / tuples.Length))];
        IsOrdered = tuples.IsDefault && (first is not (Categorical or WeightedCategorical) || IsScale(weighted));
        if (IsOrdered && !weighted.IsEmpty)
        {
            weighted = [.. weighted.OrderBy(pair => pair.Value.AsReal())];
        }

        _cellValues = [.. weighted.Select(pair => pair.Value)];
        for (var cell = _cellValues.Length - 1; cell >= 0; cell--)
        {
            _cellOf[tuples.IsDefault ? _cellValues[cell] : ParameterValue.ListOf(tuples[cell])] = cell;
        }

        var edges = new double[weighted.Length + 1];
        for (var i = 0; i < weighted.Length; i++)
        {
            edges[i + 1] = i == weighted.Length - 1 ? 1 : edges[i] + weighted[i].Weight;
        }

        Edges = weighted.IsEmpty ? [] : [.. edges];
    }

    public ImmutableArray<int> Dimensions { get; }

    /// <summary>Whether neighbouring places have neighbouring values.</summary>
    public bool IsOrdered { get; }

    /// <summary>Number of cells; 0 for a continuous range.</summary>
    public int Cells => _cellValues.Length;

    /// <summary>The borders of the cells, from 0 to 1; empty for a continuous range.</summary>
    public ImmutableArray<double> Edges { get; }

    /// <param name="group">Of <see cref="SearchSpace.Groups"/>; the rows of several are the choices.</param>
    public static Axis Of(SearchSpace space, ImmutableArray<int> group) =>
        new(group, space.Dimensions[group[0]].Distribution, group.Length == 1 ? default : [.. space.Rows(group)]);

    public double Width(int cell) => Edges[cell + 1] - Edges[cell];

    public double Middle(int cell) => (Edges[cell] + Edges[cell + 1]) / 2;

    /// <summary>By bisection; never a cell without width, but for the last one.</summary>
    public int CellAt(double unit)
    {
        var (low, high) = (0, Cells - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = unit < Edges[middle + 1] ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    public void Set(Candidate candidate, double unit)
    {
        if (!_tuples.IsDefault)
        {
            var row = CellAt(unit);
            for (var i = 0; i < Dimensions.Length; i++)
            {
                candidate[Dimensions[i]] = _tuples[row][i];
            }
        }
        else
        {
            candidate[Dimensions[0]] = Cells > 0 ? _cellValues[CellAt(unit)] : _first.At(Math.Min(unit, 1 - 1e-16));
        }
    }

    /// <summary>The place of a configuration: the middle of the units that give its value; NaN where it has none of this axis.</summary>
    public double UnitOf(SearchSpace space, ParameterSet point)
    {
        if (!_tuples.IsDefault)
        {
            var given = Enumerable.Range(0, Dimensions.Length).Select(Value).ToList();
            var row = !given.Contains(null) ? _cellOf.GetValueOrDefault(ParameterValue.ListOf(given!), -1)
                : Enumerable.Range(0, _tuples.Length).FirstOrDefault(
                    row => Enumerable.Range(0, Dimensions.Length).All(i => given[i] is null || given[i]!.Equals(_tuples[row][i])), -1);
            return row < 0 || Enumerable.Range(0, Dimensions.Length).All(i => Value(i) is null) ? double.NaN : Middle(row);
        }

        if (Value(0) is not { } value) return double.NaN;

        if (_cellOf.TryGetValue(value, out var cell)) return Middle(cell);

        if (!IsOrdered || !value.IsNumber) return double.NaN;

        var number = value.AsReal();
        if (Cells > 0)
        {
            // Enqueued, and not on the list: its nearest neighbour stands for it.
            return Middle(Enumerable.Range(0, Cells).MinBy(i => Math.Abs(_cellValues[i].AsReal() - number)));
        }

        return (FirstUnit(drawn => drawn >= number) + FirstUnit(drawn => drawn > number)) / 2;

        ParameterValue? Value(int i) => SearchSpace.Written(point, space.Dimensions[Dimensions[i]].Name);
    }

    /// <summary>By bisection, which needs nothing of a distribution but that larger units give no smaller values.</summary>
    private double FirstUnit(Func<double, bool> isThere)
    {
        double low = 0, high = 1;
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (isThere(_first.At(middle).AsReal()))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return (low + high) / 2;
    }

    private static bool IsScale(ImmutableArray<(ParameterValue Value, double Weight)> values) =>
        values.Length > 2 && values.All(pair => pair.Value.IsNumber);

    /// <summary>The distinct values with their probabilities; none when there are too many to tell apart.</summary>
    private ImmutableArray<(ParameterValue Value, double Weight)> WeightedValues(Distribution distribution) => distribution switch
    {
        Categorical list => [.. list.Values.GroupBy(value => value)
            .Select(group => (group.Key, group.Count() / (double)list.Values.Length))],
        WeightedCategorical list => [.. list.Values.Zip(list.Probabilities).GroupBy(pair => pair.First)
            .Select(group => (group.Key, group.Sum(pair => pair.Second)))],
        IntegerUniform or Quantized => Steps(distribution),
        _ => [],
    };

    private ImmutableArray<(ParameterValue Value, double Weight)> Steps(Distribution distribution)
    {
        var steps = ImmutableArray.CreateBuilder<(ParameterValue, double)>();
        for (var low = 0.0; low < 1;)
        {
            if (steps.Count == MaxCells) return [];

            var value = distribution.At(Math.Min(low + 1e-12, 1 - 1e-16));
            var number = value.AsReal();
            var high = FirstUnit(drawn => drawn > number);
            high = high > 1 - 1e-11 ? 1 : high;
            steps.Add((value, high - low));
            low = high;
        }

        return steps.ToImmutable();
    }
}
