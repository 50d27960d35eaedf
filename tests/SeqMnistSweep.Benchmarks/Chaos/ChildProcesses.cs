using System.Globalization;

namespace SeqMnistSweep.Benchmarks.Chaos;

/// <summary>Out of <c>/proc</c>.</summary>
internal static class ChildProcesses
{
    /// <summary>Ids of the children of a process that have <paramref name="word"/> on their command line.</summary>
    public static IReadOnlyList<int> Of(int parent, string word)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out var id)
                    && ParentOf(File.ReadAllText(Path.Combine(folder, "stat"))) == parent
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0').Contains(word))
                {
                    found.Add(id);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
            {
                // It ended while we looked.
            }
        }

        return found;
    }

    /// <summary>The name of the program stands before it in brackets, and may contain any.</summary>
    private static int ParentOf(string stat) => int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
}
