using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Tpe;

/// <summary>A Parzen estimator over a cube: a mixture of products of kernels, one for each point, and an even one, the prior. Densities are
/// relative to the even one, so an axis that a point has no value of says nothing: its factor is 1. Points are kept in the order of their
/// numbers: the sum of a density, and with it everything proposed, does not depend on the order in which they became known.</summary>
internal sealed class KernelSet
{
    private readonly AxisSpace _space;
    private readonly KernelTables _tables;
    private readonly List<int> _numbers = [];
    private readonly double[]?[] _places;      // of a continuous axis, by kernel; 0 where there is none
    private readonly double[]?[] _scales;      // 1 / sigma; 0 where there is none
    private readonly double[]?[] _heights;     // log of the density at the kernel's place
    private readonly int[]?[] _cells;          // of an axis with cells; Cells where there is none
    private readonly int[] _steps;             // the bandwidth of each axis, as a step of the tables
    private readonly double[]?[] _cellLogs;    // [cell of the point to judge, cell of the kernel]; of an ordered axis
    private readonly ChoiceKernel[] _choices;  // of an unordered one
    private double[] _logWeights = new double[16];
    private double[] _sums = new double[16];
    private double _priorWeight = 1;

    public KernelSet(AxisSpace space, KernelTables tables)
    {
        _space = space;
        _tables = tables;
        var axes = space.Axes.Length;
        _places = new double[axes][];
        _scales = new double[axes][];
        _heights = new double[axes][];
        _cells = new int[axes][];
        _cellLogs = new double[axes][];
        _choices = new ChoiceKernel[axes];
        _steps = Enumerable.Repeat(int.MinValue, axes).ToArray();
        for (var i = 0; i < axes; i++)
        {
            if (!KernelTables.IsSmooth(space.Axes[i]))
            {
                _cells[i] = new int[16];
            }
            else
            {
                _places[i] = new double[16];
                _scales[i] = new double[16];
                _heights[i] = new double[16];
            }
        }
    }

    public int Count => _numbers.Count;

    public int NumberOf(int kernel) => _numbers[kernel];

    public void Clear() => _numbers.Clear();

    /// <summary>Adds a point behind those with smaller numbers.</summary>
    public void Add(int number, ReadOnlySpan<double> units)
    {
        var at = ~_numbers.BinarySearch(number);
        _numbers.Insert(at, number);
        Grow();
        for (var i = 0; i < units.Length; i++)
        {
            if (_cells[i] is { } cells)
            {
                Shift(cells, at);
                cells[at] = CellOf(_space.Axes[i], units[i]);
            }
            else
            {
                Shift(_places[i]!, at);
                Shift(_scales[i]!, at);
                Shift(_heights[i]!, at);
                _places[i]![at] = double.IsNaN(units[i]) ? -1 : units[i];
                Shape(i, at);
            }
        }
    }

    public void Remove(int number)
    {
        var at = _numbers.BinarySearch(number);
        _numbers.RemoveAt(at);
        for (var i = 0; i < _cells.Length; i++)
        {
            if (_cells[i] is { } cells)
            {
                Unshift(cells, at);
            }
            else
            {
                Unshift(_places[i]!, at);
                Unshift(_scales[i]!, at);
                Unshift(_heights[i]!, at);
            }
        }
    }

    /// <summary>Sets the bandwidths and weights; must follow every change of points.</summary>
    /// <param name="sigma">By axis: the width of an ordered one's kernels; of an unordered one the share of a kernel's own choice that each
    /// other gets.</param>
    /// <param name="weights">By kernel; null for equal ones.</param>
    /// <param name="prior">Of the even kernel, where a point's is 1.</param>
    public void Fit(ReadOnlySpan<double> sigma, double[]? weights, double prior)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            var step = KernelTables.StepOf(sigma[i]);
            if (step == _steps[i]) continue;

            _steps[i] = step;
            if (_cells[i] is not null)
            {
                if (_space.Axes[i].IsOrdered)
                {
                    _cellLogs[i] = _tables.CellLogs(i, step);
                }
                else
                {
                    _choices[i] = ChoiceKernel.Of(_space.Axes[i], KernelTables.SigmaOf(step));
                }

                continue;
            }

            for (var kernel = 0; kernel < Count; kernel++)
            {
                Shape(i, kernel);
            }
        }

        var total = prior + (weights is null ? Count : weights.Take(Count).Sum());
        _priorWeight = prior / total;
        if (weights is null)
        {
            _logWeights.AsSpan(0, Count).Fill(-Math.Log(total));
        }
        else
        {
            for (var kernel = 0; kernel < Count; kernel++)
            {
                _logWeights[kernel] = Math.Log(weights[kernel] / total);
            }
        }
    }

    /// <summary>Log of the density at a place, relative to the even one.</summary>
    public double LogDensity(ReadOnlySpan<double> units)
    {
        var sums = _sums.AsSpan(0, Count);
        _logWeights.AsSpan(0, Count).CopyTo(sums);
        for (var i = 0; i < units.Length; i++)
        {
            if (double.IsNaN(units[i])) continue;

            if (_cells[i] is { } cells && _space.Axes[i].IsOrdered)
            {
                var row = (_space.Axes[i].Cells + 1) * _space.Axes[i].CellAt(units[i]);
                var logs = _cellLogs[i].AsSpan(row, _space.Axes[i].Cells + 1);
                for (var kernel = 0; kernel < sums.Length; kernel++)
                {
                    sums[kernel] += logs[cells[kernel]];
                }
            }
            else if (_cells[i] is { } choices)
            {
                AddChoice(sums, choices, _space.Axes[i], _space.Axes[i].CellAt(units[i]), _choices[i]);
            }
            else
            {
                AddNormal(sums, units[i], _places[i], _scales[i], _heights[i]);
            }
        }

        return Math.Log(_priorWeight + SumOfExponentials(sums));
    }

    /// <summary>Draws near a kernel; on axes that its point has no value of evenly.</summary>
    public void Draw(int kernel, ref SplitMix64 random, Span<double> units)
    {
        for (var i = 0; i < units.Length; i++)
        {
            var axis = _space.Axes[i];
            if (_cells[i] is { } cells)
            {
                units[i] = cells[kernel] == axis.Cells
                    ? random.NextUnit()
                    : axis.Middle(axis.IsOrdered
                        ? _tables.DrawCell(i, _steps[i], cells[kernel], random.NextUnit())
                        : _choices[i].Draw(axis, cells[kernel], random.NextUnit()));
            }
            else
            {
                var unit = _places[i]![kernel] < 0
                    ? random.NextUnit()
                    : TruncatedNormal.Draw(_places[i]![kernel], KernelTables.SigmaOf(_steps[i]), ref random);
                units[i] = axis.Cells == 0 ? unit : axis.Middle(axis.CellAt(unit));
            }
        }
    }

    /// <summary>One that is never drawn says as little as none.</summary>
    private static int CellOf(Axis axis, double unit) =>
        !double.IsNaN(unit) && axis.CellAt(unit) is var cell && axis.Width(cell) > 0 ? cell : axis.Cells;

    private static void AddChoice(Span<double> sums, int[] cells, Axis axis, int cell, ChoiceKernel kernels)
    {
        var (own, other) = (kernels.OwnLog(axis.Width(cell)), kernels.OtherLog);
        for (var kernel = 0; kernel < sums.Length; kernel++)
        {
            sums[kernel] += cells[kernel] == cell ? own : cells[kernel] == axis.Cells ? 0 : other;
        }
    }

    // Four lanes on every machine, so that sums come out the same.
    private static void AddNormal(Span<double> sums, double unit, double[]? places, double[]? scales, double[]? heights)
    {
        var target = MemoryMarshal.Cast<double, Vector256<double>>(sums);
        var at = MemoryMarshal.Cast<double, Vector256<double>>(places.AsSpan(0, sums.Length));
        var scale = MemoryMarshal.Cast<double, Vector256<double>>(scales.AsSpan(0, sums.Length));
        var height = MemoryMarshal.Cast<double, Vector256<double>>(heights.AsSpan(0, sums.Length));
        var here = Vector256.Create(unit);
        var half = Vector256.Create(-0.5);
        for (var i = 0; i < target.Length; i++)
        {
            var distance = (here - at[i]) * scale[i];
            target[i] += height[i] + (half * distance * distance);
        }

        for (var i = target.Length * 4; i < sums.Length; i++)
        {
            var distance = (unit - places![i]) * scales![i];
            sums[i] += heights![i] + (-0.5 * distance * distance);
        }
    }

    private static double SumOfExponentials(Span<double> logs)
    {
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(logs);
        var sum = Vector256<double>.Zero;
        foreach (var vector in vectors)
        {
            sum += Vector256.Exp(vector);
        }

        var total = Vector256.Sum(sum);
        for (var i = vectors.Length * 4; i < logs.Length; i++)
        {
            total += Math.Exp(logs[i]);
        }

        return total;
    }

    /// <summary>Scale and height of one kernel on a continuous axis.</summary>
    private void Shape(int axis, int kernel)
    {
        var place = _places[axis]![kernel];
        if (place < 0 || _steps[axis] == int.MinValue)
        {
            _scales[axis]![kernel] = 0;
            _heights[axis]![kernel] = 0;
            return;
        }

        var sigma = KernelTables.SigmaOf(_steps[axis]);
        _scales[axis]![kernel] = 1 / sigma;
        _heights[axis]![kernel] = -Math.Log(sigma * 2.5066282746310002 * TruncatedNormal.Mass(place, sigma, 0, 1));
    }

    private void Grow()
    {
        if (Count <= _logWeights.Length) return;

        var size = _logWeights.Length * 2;
        Array.Resize(ref _logWeights, size);
        Array.Resize(ref _sums, size);
        for (var i = 0; i < _cells.Length; i++)
        {
            Resize(_cells, i, size);
            Resize(_places, i, size);
            Resize(_scales, i, size);
            Resize(_heights, i, size);
        }
    }

    private static void Resize<T>(T[]?[] columns, int axis, int size)
    {
        if (columns[axis] is { } column)
        {
            Array.Resize(ref column, size);
            columns[axis] = column;
        }
    }

    private void Shift<T>(T[] column, int at) => Array.Copy(column, at, column, at + 1, Count - 1 - at);

    private void Unshift<T>(T[] column, int at) => Array.Copy(column, at + 1, column, at, Count - at);
}
