using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Tpe;

/// <summary>Bandwidths come in steps of 9 %, so that what depends on one is computed once: of an ordered axis with cells the probability of
/// each cell under a kernel at each other.</summary>
internal sealed class KernelTables(AxisSpace space)
{
    /// <summary>An ordered axis of more cells counts as continuous: tables of theirs would have the square of so many entries.</summary>
    private const int MaxCells = 200;

    private const double PerOctave = 8;

    private readonly Dictionary<(int Axis, int Step), (double[] Logs, double[] Cumulative)> _known = [];

    public static int StepOf(double sigma) => (int)Math.Round(Math.Log2(sigma) * PerOctave);

    public static double SigmaOf(int step) => Math.Pow(2, step / PerOctave);

    /// <summary>Whether kernels on the axis lie at places, not in cells.</summary>
    public static bool IsSmooth(Axis axis) => axis.Cells == 0 || (axis.IsOrdered && axis.Cells > MaxCells);

    /// <summary>Logs of density ratios on an ordered axis: row = the cell judged, column = the kernel's cell, the last one 0, for kernels
    /// without.</summary>
    public double[] CellLogs(int axis, int step) => Get(axis, step).Logs;

    /// <param name="unit">In [0, 1).</param>
    public int DrawCell(int axis, int step, int kernelCell, double unit)
    {
        var cells = space.Axes[axis].Cells;
        var cumulative = Get(axis, step).Cumulative.AsSpan(kernelCell * cells, cells);
        var cell = 0;
        while (cell < cells - 1 && unit >= cumulative[cell])
        {
            cell++;
        }

        return cell;
    }

    private (double[] Logs, double[] Cumulative) Get(int axis, int step)
    {
        if (!_known.TryGetValue((axis, step), out var tables))
        {
            _known[(axis, step)] = tables = Make(space.Axes[axis], SigmaOf(step));
        }

        return tables;
    }

    private static (double[] Logs, double[] Cumulative) Make(Axis axis, double sigma)
    {
        var cells = axis.Cells;
        var logs = new double[cells * (cells + 1)];
        var cumulative = new double[cells * cells];
        for (var kernel = 0; kernel < cells; kernel++)
        {
            var mass = Enumerable.Range(0, cells).Select(cell => Mass(axis, sigma, kernel, cell)).ToArray();
            var total = mass.Sum();
            var sum = 0.0;
            for (var cell = 0; cell < cells; cell++)
            {
                var share = mass[cell] / total;
                sum += share;
                cumulative[(kernel * cells) + cell] = sum;
                // A value of probability 0 is never drawn and never judged.
                logs[(cell * (cells + 1)) + kernel] = axis.Width(cell) > 0 ? Math.Log(Math.Max(share, 1e-12) / axis.Width(cell)) : 0;
            }
        }

        return (logs, cumulative);
    }

    /// <summary>What of a normal kernel falls into the cell.</summary>
    private static double Mass(Axis axis, double sigma, int kernel, int cell) => axis.Width(cell) == 0
        ? 0
        : TruncatedNormal.Mass(axis.Middle(kernel), sigma, axis.Edges[cell], axis.Edges[cell + 1]);
}

/// <summary>A kernel on an unordered axis: its own cell gets one share more than its probability gives it, and all others are alike, so that
/// nothing grows with the number of cells.</summary>
/// <param name="Others">The even part, where the own share is 1.</param>
internal readonly record struct ChoiceKernel(double Others)
{
    public static ChoiceKernel Of(Axis axis, double sigma) => new(sigma * axis.Cells);

    /// <summary>Log of the density in any other cell, relative to the even one.</summary>
    public double OtherLog => Math.Log(Math.Max(Others / (1 + Others), 1e-12));

    /// <summary>Log of the density in the kernel's own cell.</summary>
    public double OwnLog(double width) => width > 0 ? Math.Log(((1 / width) + Others) / (1 + Others)) : 0;

    /// <param name="unit">In [0, 1).</param>
    public int Draw(Axis axis, int own, double unit)
    {
        var at = unit * (1 + Others);
        var low = Others * axis.Edges[own];
        var high = (Others * axis.Edges[own + 1]) + 1;
        return at < low ? axis.CellAt(at / Others) : at < high ? own : axis.CellAt((at - 1) / Others);
    }
}
