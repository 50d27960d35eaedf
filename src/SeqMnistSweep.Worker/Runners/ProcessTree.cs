namespace SeqMnistSweep.Worker.Runners;

/// <summary>Which processes a process has started, out of <c>/proc</c>; knows nothing where there is none.</summary>
internal static class ProcessTree
{
    /// <summary>The process and all of its descendants at this moment.</summary>
    public static IReadOnlyList<int> Of(int process)
    {
        List<int> found = [process];
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(ChildrenOf(found[i]));
        }

        return found;
    }

    private static IEnumerable<int> ChildrenOf(int process)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{process}/task").SelectMany(
                thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return [];
        }
    }
}
