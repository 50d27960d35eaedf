using System.Diagnostics;

namespace SeqMnistSweep.TestSupport;

/// <summary>A test that needs Debian's python3-torch; skipped, with its name, where that is missing.</summary>
public sealed class RequiresPythonTorchFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3";

    internal static readonly Lazy<string?> Missing = new(() =>
    {
        if (!File.Exists(Python))
        {
            return "needs /usr/bin/python3 with python3-torch and python3-numpy";
        }

        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import torch, numpy"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "needs python3-torch and python3-numpy (apt-get install python3-torch python3-numpy)";
    });

    public RequiresPythonTorchFactAttribute() => Skip = Missing.Value;
}

/// <inheritdoc cref="RequiresPythonTorchFactAttribute"/>
public sealed class RequiresPythonTorchTheoryAttribute : TheoryAttribute
{
    public RequiresPythonTorchTheoryAttribute() => Skip = RequiresPythonTorchFactAttribute.Missing.Value;
}
