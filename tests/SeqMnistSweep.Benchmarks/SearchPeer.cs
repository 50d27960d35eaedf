using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SeqMnistSweep.Benchmarks;

/// <summary>Optuna, measured on the same functions in a process beside ours.</summary>
internal static class SearchPeer
{
    /// <returns>For each function its figures; empty when no Python here has Optuna.</returns>
    public static async Task<ILookup<string, double[]>> RunAsync(string what, int seeds, IEnumerable<string>? input = null)
    {
        using var source = new StreamReader(typeof(SearchPeer).Assembly.GetManifestResourceStream("search_peer.py")!);
        var figures = new List<(string Name, double[] Values)>();
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", await source.ReadToEndAsync(), what, seeds.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            await WriteAsync(process.StandardInput, input ?? []);
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

    /// <summary>To a process that may have ended without reading: it has no Optuna.</summary>
    private static async Task WriteAsync(StreamWriter target, IEnumerable<string> lines)
    {
        try
        {
            await target.WriteAsync(string.Concat(lines.Select(line => line + "\n")));
            target.Close();
        }
        catch (IOException)
        {
            // Its figures are absent.
        }
    }
}
