namespace SeqMnistSweep.Results;

/// <summary>The kind of file system that a path lies on, out of <c>/proc/mounts</c>.</summary>
public static class Mounts
{
    private static readonly string[] Remote =
    [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gpfs", "glusterfs", "beegfs", "davfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.cephfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.juicefs",
            "fuse.davfs",
    ];

    /// <summary>The text of <c>/proc/mounts</c>; empty where there is none.</summary>
    public static string OfThisMachine() => File.Exists("/proc/mounts") ? File.ReadAllText("/proc/mounts") : "";

    /// <param name="mounts">The text of <c>/proc/mounts</c>; later lines lie over earlier ones.</param>
    /// <returns>Where it is mounted and its kind; null when nothing matches.</returns>
    public static (string Place, string Kind)? Of(string path, string mounts)
    {
        (string Place, string Kind)? found = null;
        foreach (var line in mounts.Split('\n'))
        {
            if (line.Split(' ') is [_, var escaped, var kind, ..]
                && Unescape(escaped) is var place
                && (path == place || path.StartsWith(place.TrimEnd('/') + "/", StringComparison.Ordinal))
                && place.Length >= (found?.Place.Length ?? 0))
            {
                found = (place, kind);
            }
        }

        return found;
    }

    /// <summary>Whether locks and write-ahead logs of SQLite are not to be trusted there.</summary>
    public static bool IsRemote(string kind) => Remote.Contains(kind);

    /// <summary>The kernel writes a blank as <c>\040</c>.</summary>
    private static string Unescape(string place) =>
        place.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal).Replace(
            "\\134", "\\", StringComparison.Ordinal);
}
