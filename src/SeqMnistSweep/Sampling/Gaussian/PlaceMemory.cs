using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>The places of configurations as a <see cref="GaussianProcess"/> takes them: on an ordered axis a unit, its middle for a
/// configuration without a value; on another the cell, -1 for none.</summary>
internal sealed class PlaceMemory(AxisSpace space)
{
    private readonly Dictionary<int, (double[] Units, double[] Places)> _known = [];

    public bool[] Ordered { get; } = [.. space.Axes.Select(axis => axis.IsOrdered)];

    public double[] UnitsOf(SearchHistory history, int number) => Known(history, number).Units;

    public double[] PlacesOf(SearchHistory history, int number) => Known(history, number).Places;

    public double[] PlacesOf(ReadOnlySpan<double> units)
    {
        var places = new double[units.Length];
        for (var i = 0; i < units.Length; i++)
        {
            var none = double.IsNaN(units[i]);
            places[i] = Ordered[i] ? (none ? 0.5 : units[i]) : none ? -1 : space.Axes[i].CellAt(units[i]);
        }

        return places;
    }

    /// <summary>Of each axis the places of all.</summary>
    public double[][] Columns(IReadOnlyList<double[]> places) =>
        [.. Enumerable.Range(0, Ordered.Length).Select(axis => places.Select(row => row[axis]).ToArray())];

    private (double[] Units, double[] Places) Known(SearchHistory history, int number)
    {
        if (!_known.TryGetValue(number, out var known))
        {
            var units = space.UnitsOf(history.Configurations[number - 1].Parameters);
            _known[number] = known = (units, PlacesOf(units));
        }

        return known;
    }
}
