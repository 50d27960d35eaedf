namespace SeqMnistSweep.Fronts;

/// <summary>Order among points with several losses.</summary>
public static class Pareto
{
    /// <summary>Whether <paramref name="a"/> is nowhere worse than <paramref name="b"/> and somewhere better.</summary>
    public static bool Dominates(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var better = false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i]) return false;

            better |= a[i] < b[i];
        }

        return better;
    }

    /// <summary>The points by fronts: those that nothing dominates, then those that only these dominate, and so on. A front is looked for
    /// when it is asked for.</summary>
    /// <returns>Indices, those of one front in their order.</returns>
    public static IEnumerable<List<int>> Fronts(IReadOnlyList<double[]> points)
    {
        // Who dominates a point comes before it.
        var left = Enumerable.Range(0, points.Count).ToList();
        left.Sort((a, b) => points[a].AsSpan().SequenceCompareTo(points[b]) is var order and not 0 ? order : a.CompareTo(b));
        while (left.Count > 0)
        {
            var (front, behind) = (new List<int>(), new List<int>());
            foreach (var point in left)
            {
                (IsDominated(point, front) ? behind : front).Add(point);
            }

            front.Sort();
            yield return front;
            left = behind;
        }

        bool IsDominated(int point, List<int> front)
        {
            for (var i = front.Count - 1; i >= 0; i--)
            {
                if (Dominates(points[front[i]], points[point])) return true;
            }

            return false;
        }
    }

    /// <summary>The best points: by fronts, and of one front by their distance to their neighbours, the largest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <returns>Indices with the number of the front, counted from 0, and the distance, the best first.</returns>
    public static List<(int Index, int Rank, double Crowding)> Best(IReadOnlyList<double[]> points, int most)
    {
        var best = new List<(int Index, int Rank, double Crowding)>();
        var rank = 0;
        foreach (var front in Fronts(points))
        {
            if (best.Count >= most) break;

            var crowding = Crowding([.. front.Select(i => points[i])]);
            best.AddRange(front.Select((i, at) => (Index: i, Rank: rank, Crowding: crowding[at]))
                .OrderByDescending(point => point.Crowding).ThenBy(point => point.Index).Take(most - best.Count));
            rank++;
        }

        return best;
    }

    /// <summary>How far apart each point's neighbours on one front are (Deb 2002); infinite at its ends.</summary>
    public static double[] Crowding(IReadOnlyList<double[]> front)
    {
        var crowding = new double[front.Count];
        for (var axis = 0; front.Count > 0 && axis < front[0].Length; axis++)
        {
            var order = Enumerable.Range(0, front.Count).OrderBy(i => front[i][axis]).ToList();
            var range = front[order[^1]][axis] - front[order[0]][axis];
            crowding[order[0]] = crowding[order[^1]] = double.PositiveInfinity;
            for (var i = 1; i < order.Count - 1 && range > 0; i++)
            {
                crowding[order[i]] += (front[order[i + 1]][axis] - front[order[i - 1]][axis]) / range;
            }
        }

        return crowding;
    }

    /// <summary>The volume that points dominate, up to a corner; those that are not before it on every axis count nothing.</summary>
    /// <remarks>By slices along the last axis (Knowles 2002, HSO): for two to four losses and some hundreds of points.</remarks>
    public static double Hypervolume(IEnumerable<double[]> points, ReadOnlySpan<double> corner)
    {
        var axis = corner.Length - 1;
        var end = corner.ToArray();
        var inside = points.Where(point => point.Zip(end).All(pair => pair.First < pair.Second)).OrderBy(point => point[axis]).ToList();
        if (inside.Count == 0) return 0;

        if (axis == 0) return end[0] - inside[0][0];

        var volume = 0.0;
        var slice = new List<double[]>(); // what the points up to here dominate on the other axes
        for (var i = 0; i < inside.Count; i++)
        {
            var point = inside[i][..axis];
            if (!slice.Exists(other => other.Zip(point).All(pair => pair.First <= pair.Second)))
            {
                slice.RemoveAll(other => Dominates(point, other));
                slice.Add(point);
            }

            var depth = (i + 1 < inside.Count ? inside[i + 1][axis] : end[axis]) - inside[i][axis];
            if (depth > 0)
            {
                volume += depth * Hypervolume(slice, end.AsSpan(0, axis));
            }
        }

        return volume;
    }

    /// <summary>Losses with the largest number in place of what is none, so that they can be compared.</summary>
    public static double[] Comparable(IEnumerable<double> losses) =>
        [.. losses.Select(loss => double.IsFinite(loss) ? loss : double.MaxValue)];
}
