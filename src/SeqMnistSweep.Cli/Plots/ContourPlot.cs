using SeqMnistSweep.Importance;

namespace SeqMnistSweep.Cli.Plots;

/// <summary>The metric over two numeric parameters as shades, with the region that constraints rule out.</summary>
internal static class ContourPlot
{
    private const int Height = 20;
    private const int Columns = 60;

    /// <summary>Two parameters that vary over ranges of numbers: those named, else the first two.</summary>
    /// <exception cref="CommandError">There are no two of them, or the names are others.</exception>
    public static (string X, string Y) Sides(PlotData data, IReadOnlyList<string> names)
    {
        var sides = Contour.Sides(data.RequireSpace());
        if (names.FirstOrDefault(name => !sides.Contains(name)) is { } unknown)
        {
            throw new CommandError(
                ExitCodes.Usage, $"'{unknown}' is no parameter of {data.Sweep.Sweep} that varies over a range of numbers",
                sides.Count == 0 ? "none does; plot slice shows any parameter" : NearestName.Suggest(unknown, sides));
        }

        var chosen = names.Count > 0 ? names : [.. sides.Take(2)];
        return chosen.Count == 2 && chosen[0] != chosen[1]
            ? (chosen[0], chosen[1])
            : throw new CommandError(
                ExitCodes.Usage, "a contour takes two parameters that vary over ranges of numbers",
                sides.Count < 2 ? "plot slice shows any parameter" : $"two of: {string.Join(", ", sides)}");
    }

    public static async Task<Plot> OfAsync(
        PlotData data, IReadOnlyList<string> names, ResultSource results, CancellationToken cancellation)
    {
        var sides = Sides(data, names);
        var contour = await results.ContourAsync(data.Sweep, data.RequireSpace(), sides, Columns, Height, cancellation)
            ?? throw new CommandError(
                ExitCodes.NotFinished, $"no configuration of {data.Sweep.Sweep} that can be compared has both {sides.X} and {sides.Y}");
        var table = TableOutput.Of(
            ["number", sides.X, sides.Y, "value"], contour.Points, point => [point.Number, point.X, point.Y, point.Value]);
        return new Plot(table, (writer, profile) => Draw(data, contour, writer, profile));
    }

    private static void Draw(PlotData data, Contour contour, TextWriter writer, ConsoleProfile profile)
    {
        var known = contour.Values.OfType<double>().ToList();
        var scale = Scale.Of(known);
        var shades = profile.Unicode ? "·░▒▓█" : ".-+*#";
        var infeasible = contour.Infeasible.ToHashSet();
        char At(int cell) => infeasible.Contains(cell) ? '/'
            : contour.Values[cell] is not { } value ? ' '
            : shades[Math.Min(4, (int)(5 * (data.Maximize ? scale.PositionOf(value) : 1 - scale.PositionOf(value))))];

        var frame = new PlotFrame(profile, Height, new Scale(contour.Y.Low, contour.Y.High));
        var at = contour.Epoch is { } epoch ? $" at epoch {epoch}" : "";
        frame.Write(
            writer, $"{data.Sweep.Metric}{at} over {Named(contour.X)} and, from below, {Named(contour.Y)}",
            row => new string([
                .. Enumerable.Range(0, frame.Canvas.Width)
                    .Select(column => At(((Height - 1 - row) * Columns) + (column * Columns / frame.Canvas.Width))),
            ]),
            [(0, Cell.Number(contour.X.Low)), (1, Cell.Number(contour.X.High))]);
        var (best, worst) = data.Maximize ? (scale.High, scale.Low) : (scale.Low, scale.High);
        writer.WriteLine(
            $"  {shades[4]} {Cell.Number(best)} is the best, {shades[0]} {Cell.Number(worst)}; blank: no configuration is near"
                + (infeasible.Count > 0 ? "; /: the constraints rule it out" : ""));
    }

    private static string Named(ContourAxis axis) => axis.Logarithmic ? $"{axis.Name} (logarithmic)" : axis.Name;
}
