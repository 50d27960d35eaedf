using System.Diagnostics;
using System.Globalization;

namespace SeqMnistSweep.Benchmarks;

/// <summary>The notebook's training step in PyTorch, in a child process that does one step when told to.</summary>
internal sealed class NotebookStep : IDisposable
{
    private static readonly string[] Pythons = ["/usr/bin/python3", "python3"];

    private readonly Process _process;
    private readonly string _script;

    private NotebookStep(Process process, string script, int parameters)
    {
        _process = process;
        _script = script;
        ParameterCount = parameters;
    }

    public int ParameterCount { get; }

    /// <summary>Null when no Python here has PyTorch.</summary>
    public static NotebookStep? Start(int threads)
    {
        var script = Path.Combine(Path.GetTempPath(), $"seqsweep-notebook-step-{Environment.ProcessId}.py");
        using (var source = typeof(NotebookStep).Assembly.GetManifestResourceStream("notebook_step.py")!)
        using (var file = File.Create(script))
        {
            source.CopyTo(file);
        }

        foreach (var python in Pythons)
        {
            if (Launch(python, script, threads) is { } process)
            {
                if (int.TryParse(process.StandardOutput.ReadLine(), CultureInfo.InvariantCulture, out var parameters))
                {
                    return new NotebookStep(process, script, parameters);
                }

                process.Kill();
                process.Dispose();
            }
        }

        File.Delete(script);
        return null;
    }

    public TimeSpan Step()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the PyTorch process has ended");
        return TimeSpan.FromSeconds(double.Parse(line, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_script);
    }

    private static Process? Launch(string python, string script, int threads)
    {
        var info = new ProcessStartInfo(python)
        {
            ArgumentList = { script, threads.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        try
        {
            var process = Process.Start(info)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return process;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
