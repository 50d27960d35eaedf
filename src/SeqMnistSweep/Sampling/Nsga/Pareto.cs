namespace SeqMnistSweep.Sampling.Nsga;

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

    /// <summary>The rank of each point: 0 for those that nothing dominates, 1 for those that only these dominate, and so on.</summary>
    public static int[] Ranks(IReadOnlyList<double[]> points)
    {
        var dominators = new int[points.Count];
        List<int>[] dominated = [.. points.Select(_ => new List<int>())];
        for (var i = 0; i < points.Count; i++)
        {
            for (var j = i + 1; j < points.Count; j++)
            {
                if (Dominates(points[i], points[j]))
                {
                    dominated[i].Add(j);
                    dominators[j]++;
                }
                else if (Dominates(points[j], points[i]))
                {
                    dominated[j].Add(i);
                    dominators[i]++;
                }
            }
        }

        var ranks = new int[points.Count];
        var front = Enumerable.Range(0, points.Count).Where(i => dominators[i] == 0).ToList();
        for (var rank = 0; front.Count > 0; rank++)
        {
            var next = new List<int>();
            foreach (var i in front)
            {
                ranks[i] = rank;
                next.AddRange(dominated[i].Where(j => --dominators[j] == 0));
            }

            front = next;
        }

        return ranks;
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

    /// <summary>The area that points with two losses dominate, up to a corner.</summary>
    public static double Hypervolume(IEnumerable<(double First, double Second)> points, (double First, double Second) corner)
    {
        var area = 0.0;
        var low = corner.Second;
        foreach (var (first, second) in points.Where(point => point.First < corner.First).OrderBy(point => point.First)
            .ThenBy(point => point.Second))
        {
            if (second < low)
            {
                area += (corner.First - first) * (low - second);
                low = second;
            }
        }

        return area;
    }
}
