using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Doctor;

/// <summary>The database, and the disk under it and under the checkpoints beside it.</summary>
internal static class DatabaseChecks
{
    private const long Little = 1L << 30;
    private const long Some = 5L << 30;

    public static Finding Database(string path)
    {
        if (!File.Exists(path)) return Finding.Ok("database", $"none yet at {path}");

        try
        {
            return DatabaseCopy.Damage(path, thorough: true) is { } damage
                ? Finding.Fail("database", $"{path} is damaged: {damage}", $"restore a backup; what is left: sqlite3 {path} .recover")
                : Finding.Ok(
                    "database", $"{path} is whole, schema {ResultDatabase.SchemaVersion}, {new FileInfo(path).Length / 1024:N0} KiB");
        }
        catch (DatabaseException error)
        {
            return Finding.Fail("database", error.Message, error.Hint ?? "name another file with --db");
        }
    }

    /// <param name="mounts">The text of <c>/proc/mounts</c>.</param>
    public static Finding Place(string path, string mounts) => Mounts.Of(path, mounts) switch
    {
        { } mount when Mounts.IsRemote(mount.Kind) => Finding.Fail(
            "place", $"{path} would lie on {mount.Kind} ({mount.Place}): SQLite's locks and log are not safe there",
                "keep it on a local disk: --db /var/lib/seqsweep/sweeps.db"),
        { } mount => Finding.Ok("place", $"the database lies on {mount.Kind} ({mount.Place}), a local disk"),
        null => Finding.Ok("place", "the file system is not known here"),
    };

    /// <summary>Checkpoints lie beside the database.</summary>
    public static Finding Disk(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{free / (double)(1 << 30):0.0} GiB free for the database and checkpoints in {folder}");
        return free switch
        {
            < Little => Finding.Fail("disk", text, "free some, or name another place with --db FILE"),
            < Some => Finding.Warn("disk", text, "free some before a long sweep, or name another place with --db FILE"),
            _ => Finding.Ok("disk", text),
        };
    }
}
