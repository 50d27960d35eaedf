using System.Globalization;

namespace SeqMnistSweep.Benchmarks;

/// <summary>What Linux says of a process.</summary>
/// <param name="Megabytes">Of memory that it has now.</param>
/// <param name="PeakMegabytes">The most that it ever had.</param>
/// <param name="Files">Open file descriptors.</param>
internal sealed record ProcessFigures(double Megabytes, double PeakMegabytes, int Files)
{
    /// <summary>The process and all that it has started, summed up.</summary>
    public static ProcessFigures OfFamily(int process)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var one) && ParentOf(one) is { } parent)
            {
                parents[one] = parent;
            }
        }

        var family = new List<int> { process };
        for (var i = 0; i < family.Count; i++)
        {
            family.AddRange(parents.Where(child => child.Value == family[i]).Select(child => child.Key));
        }

        return family.Skip(1).Aggregate(Of(process), (sum, child) => IfThere(child) is { } figures
            ? new ProcessFigures(sum.Megabytes + figures.Megabytes, sum.PeakMegabytes + figures.PeakMegabytes, sum.Files + figures.Files)
            : sum);
    }

    /// <summary>Null for one that has just ended.</summary>
    private static int? ParentOf(int process)
    {
        try
        {
            // The name, which may hold anything, is in brackets.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static ProcessFigures? IfThere(int process)
    {
        try
        {
            return Of(process);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The process is gone.</exception>
    public static ProcessFigures Of(int process)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        return new ProcessFigures(Megabytes(status, "VmRSS:"), Megabytes(status, "VmHWM:"), Directory.GetFiles($"/proc/{process}/fd").Length);

        static double Megabytes(string[] status, string key) =>
            double.Parse(status.First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
