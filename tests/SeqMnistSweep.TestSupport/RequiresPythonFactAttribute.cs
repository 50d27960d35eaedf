namespace SeqMnistSweep.TestSupport;

/// <summary>A test that needs Debian's Python with a module; skipped, with its name, where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresPythonFactAttribute : FactAttribute
{
    /// <param name="module">As it is imported; its package is <c>python3-MODULE</c>.</param>
    public RequiresPythonFactAttribute(string module) => Skip = Missing(module);

    /// <summary>Null where it is installed.</summary>
    public static string? Missing(string module) =>
        File.Exists(RequiresPythonTorchFactAttribute.Python) && Directory.Exists($"/usr/lib/python3/dist-packages/{module}")
            ? null
            : $"needs python3-{module} (apt-get install python3-{module})";
}
