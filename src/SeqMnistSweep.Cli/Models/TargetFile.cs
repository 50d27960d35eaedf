using SeqMnistSweep.Files;

namespace SeqMnistSweep.Cli.Models;

/// <summary>The file that a verb writes for its user.</summary>
internal static class TargetFile
{
    /// <summary>Where it goes.</summary>
    /// <param name="to">As given: a file, or a folder that is there; null for here.</param>
    /// <param name="name">What it is called where only the folder is said.</param>
    /// <param name="force">Whether a file that is there is overwritten.</param>
    /// <exception cref="CommandError">It is there already, or its folder is not.</exception>
    public static string Of(CommandContext context, string? to, string name, bool force)
    {
        var path = Path.GetFullPath(to ?? name, context.Folder);
        path = Directory.Exists(path) && to is not null ? Path.Combine(path, name) : path;
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
        {
            throw new CommandError(ExitCodes.NotFound, $"there is no folder {folder}", "name another with --to, or make it first");
        }

        return Path.Exists(path) && !force
            ? throw new CommandError(
                ExitCodes.NotAllowed, $"{path} exists already", "name another file with --to, or overwrite it with --force")
            : path;
    }

    /// <summary>Whole or not at all.</summary>
    /// <param name="digest">That the content must have; null for any.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="CommandError">It has another digest.</exception>
    public static async Task<long> WriteAsync(string path, Stream content, string? digest, CancellationToken cancellation)
    {
        using var file = new AtomicFile(path);
        await content.CopyToAsync(file.Stream, cancellation);
        file.Stream.Position = 0;
        if (digest is not null && await Digest.OfAsync(file.Stream, cancellation) != digest)
        {
            throw new CommandError(
                ExitCodes.NotFound, $"the checkpoint {digest} is damaged: it does not have the SHA-256 it is named after");
        }

        var bytes = file.Stream.Length;
        file.Commit();
        return bytes;
    }
}
