using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SeqMnistSweep.Benchmarks;

/// <summary>Optuna, measured on the same functions in a process beside ours.</summary>
internal static class SearchPeer
{
    /// <returns>For each function its figures; empty when no Python here has Optuna.</returns>
    public static async Task<ILookup<string, double[]>> RunAsync(string what, int seeds)
    {
        using var source = new StreamReader(typeof(SearchPeer).Assembly.GetManifestResourceStream("search_peer.py")!);
        var figures = new List<(string Name, double[] Values)>();
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", await source.ReadToEndAsync(), what, seeds.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                var row = JsonNode.Parse(line)!.AsArray();
                figures.Add((row[0]!.GetValue<string>(), [.. row.Skip(1).Select(value => value!.GetValue<double>())]));
            }

            await process.WaitForExitAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such Python.
        }

        return figures.ToLookup(figure => figure.Name, figure => figure.Values);
    }
}
