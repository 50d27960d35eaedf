namespace SeqMnistSweep.Cli.Doctor;

/// <summary>Who listens on a TCP port of this machine, out of <c>/proc</c>.</summary>
/// <param name="Pid">Null for a process of another user.</param>
internal sealed record PortHolder(int? Pid, string? Name)
{
    private const string Listening = "0A";

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public override string ToString() => Pid is { } pid ? $"pid {pid}{(Name is null ? "" : $" ({Name})")}" : "a process of another user";

    /// <returns>Null when nobody listens.</returns>
    public static PortHolder? Find(int port)
    {
        var inodes = Tables.Where(File.Exists).SelectMany(file => Inodes(File.ReadAllText(file), port)).ToHashSet();
        if (inodes.Count == 0) return null;

        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)))
        {
            if (Holds(folder, inodes))
            {
                return new PortHolder(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), NameOf(folder));
            }
        }

        return new PortHolder(null, null);
    }

    /// <param name="table">The text of <c>/proc/net/tcp</c>.</param>
    /// <returns>The sockets that listen on the port, by inode.</returns>
    internal static IEnumerable<string> Inodes(string table, int port)
    {
        var end = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return table.Split('\n').Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length > 9 && columns[3] == Listening && columns[1].EndsWith(end, StringComparison.Ordinal))
            .Select(columns => columns[9]);
    }

    private static bool Holds(string process, HashSet<string> inodes) =>
        Tried(() => Directory.GetFileSystemEntries(Path.Combine(process, "fd"))) is { } links
        && links.Any(link => Tried(() => File.ResolveLinkTarget(link, returnFinalTarget: false)?.Name) is { } target
            && target.StartsWith("socket:[", StringComparison.Ordinal) && inodes.Contains(target[8..^1]));

    private static string? NameOf(string process) => Tried(() => File.ReadAllText(Path.Combine(process, "comm")).Trim());

    /// <returns>Null where the process is another user's, or what is read has just gone.</returns>
    private static T? Tried<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
