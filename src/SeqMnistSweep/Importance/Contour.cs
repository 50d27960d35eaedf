namespace SeqMnistSweep.Importance;

/// <summary>One side of a contour: a numeric parameter cut into cells.</summary>
/// <param name="At">The middles of the cells, from the smallest up.</param>
public sealed record ContourAxis(string Name, double Low, double High, bool Logarithmic, IReadOnlyList<double> At);

/// <summary>A configuration in the plane of two parameters.</summary>
public sealed record ContourPoint(int Number, double X, double Y, double Value);

/// <summary>The value over two numeric parameters, in cells: the mean of the configurations near by, whatever else they have.</summary>
/// <param name="Values">Row by row from the smallest <paramref name="Y"/> up; null where no configuration is near.</param>
/// <param name="Infeasible">Cells that the constraints rule out with all else as in the best configuration, by their place in
/// <paramref name="Values"/>.</param>
/// <param name="Base">The configuration that gives all else, a JSON object.</param>
/// <param name="Epoch">As in <see cref="ComparedPoints"/>.</param>
public sealed record Contour(
    ContourAxis X, ContourAxis Y, IReadOnlyList<double?> Values, IReadOnlyList<int> Infeasible, string Base, long? Epoch,
    IReadOnlyList<ContourPoint> Points)
{
    /// <summary>Below this weight no configuration is near.</summary>
    private const double Near = 0.1;

    /// <summary>Whether a parameter can be a side: it varies over a range of numbers.</summary>
    public static bool IsSide(Dimension dimension) =>
        dimension.Distribution.Varies && dimension.Distribution.Listed.IsDefaultOrEmpty;

    /// <summary>The parameters that can be a side.</summary>
    public static IReadOnlyList<string> Sides(SearchSpace space) => [.. space.Dimensions.Where(IsSide).Select(dimension => dimension.Name)];

    /// <returns>Null where one of the names is no side, or no configuration has both.</returns>
    public static Contour? Of(
        SearchSpace space, ComparedPoints compared, bool maximize, (string X, string Y) names, int columns, int rows)
    {
        var having = compared.Points
            .Where(point => NumberOf(point, names.X) is not null && NumberOf(point, names.Y) is not null).ToList();
        var sides = Sides(space);
        if (having.Count == 0 || names.X == names.Y || !sides.Contains(names.X) || !sides.Contains(names.Y)) return null;

        var (x, y) = (ScaleOf(space, having, names.X), ScaleOf(space, having, names.Y));
        var (across, up) = (AxisOf(names.X, x, columns), AxisOf(names.Y, y, rows));
        var best = (maximize ? having.MaxBy(point => point.Value) : having.MinBy(point => point.Value))!.Parameters;
        var cells = up.At.SelectMany(height => across.At.Select(at => (X: at, Y: height))).ToList();
        var whole = (X: IsWhole(having, names.X), Y: IsWhole(having, names.Y));
        return new Contour(
            across, up, Means(having, names, x, y, columns, rows),
            [
                .. Enumerable.Range(0, cells.Count).Where(i => space.Check(
                    best.With(names.X, Value(cells[i].X, whole.X)).With(names.Y, Value(cells[i].Y, whole.Y))) is not null),
            ],
            best.ToJson(), compared.Epoch,
            having.ConvertAll(point => new ContourPoint(
                point.Number, NumberOf(point, names.X)!.Value, NumberOf(point, names.Y)!.Value, point.Value)));
    }

    /// <summary>Nadaraya and Watson's kernel regression on the unit square.</summary>
    private static List<double?> Means(
        List<ComparedPoint> points, (string X, string Y) names, ValueScale x, ValueScale y, int columns, int rows)
    {
        var width = Math.Max(0.04, 0.3 * Math.Pow(points.Count, -1.0 / 6));
        var places = points.ConvertAll(point => (
            X: x.PositionOf(ParameterValue.Of(NumberOf(point, names.X)!.Value)),
            Y: y.PositionOf(ParameterValue.Of(NumberOf(point, names.Y)!.Value)), point.Value));
        var means = new List<double?>(columns * rows);
        for (var cell = 0; cell < columns * rows; cell++)
        {
            var (atX, atY) = (((cell % columns) + 0.5) / columns, ((cell / columns) + 0.5) / rows);
            var (weights, sum) = (0.0, 0.0);
            foreach (var place in places)
            {
                var weight = Math.Exp(-0.5 * (Math.Pow((place.X - atX) / width, 2) + Math.Pow((place.Y - atY) / width, 2)));
                weights += weight;
                sum += weight * place.Value;
            }

            means.Add(weights >= Near ? sum / weights : null);
        }

        return means;
    }

    private static ContourAxis AxisOf(string name, ValueScale scale, int cells) => new(
        name, scale.NumberAt(0), scale.NumberAt(1), scale.IsLogarithmic,
        [.. Enumerable.Range(0, cells).Select(i => scale.NumberAt((i + 0.5) / cells))]);

    private static ValueScale ScaleOf(SearchSpace space, List<ComparedPoint> having, string name) => ValueScale.Of(
        space.Find(name)!.Distribution, having.ConvertAll(point => ParameterValue.Of(NumberOf(point, name)!.Value)));

    private static double? NumberOf(ComparedPoint point, string name) =>
        SearchSpace.Written(point.Parameters, name) is { IsNumber: true } value ? value.AsReal() : null;

    private static bool IsWhole(List<ComparedPoint> points, string name) =>
        points.TrueForAll(point => SearchSpace.Written(point.Parameters, name)!.Kind == ParameterKind.Integer);

    private static ParameterValue Value(double number, bool whole) =>
        whole ? ParameterValue.Of((long)Math.Round(number)) : ParameterValue.Of(number);
}
