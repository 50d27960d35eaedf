using System.Globalization;

namespace SeqMnistSweep.Cli.Benchmarks;

/// <summary>What Linux says of a process.</summary>
/// <param name="Megabytes">Of memory that it has now.</param>
/// <param name="PeakMegabytes">The most that it ever had.</param>
/// <param name="Files">Open file descriptors.</param>
internal sealed record ProcessFigures(double Megabytes, double PeakMegabytes, int Files)
{
    /// <exception cref="IOException">The process is gone.</exception>
    public static ProcessFigures Of(int process)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        return new ProcessFigures(Megabytes(status, "VmRSS:"), Megabytes(status, "VmHWM:"), Directory.GetFiles($"/proc/{process}/fd").Length);

        static double Megabytes(string[] status, string key) =>
            double.Parse(status.First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
