using System.Security.Cryptography;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Checkpoints;

/// <summary>Checkpoints in a folder, named by the SHA-256 of their content, so equal training gives equal names.</summary>
internal static class CheckpointFolder
{
    /// <summary>Writes beside the target, flushes to the disk and renames: a file with a checkpoint's name is always whole.</summary>
    public static CheckpointFile Write(string folder, Checkpoint checkpoint)
    {
        var bytes = checkpoint.ToTensors().ToBytes();
        var file = new CheckpointFile(checkpoint.Epoch, checkpoint.Batch, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
        var path = Path.Combine(folder, file.FileName);
        Directory.CreateDirectory(folder);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return file;
    }

    /// <exception cref="CheckpointException">It is not there, or not what its name says.</exception>
    public static Checkpoint Read(string folder, CheckpointFile file)
    {
        var path = Path.Combine(folder, file.FileName);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"checkpoint {path} is not there", e);
        }

        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != file.Digest)
        {
            throw new CheckpointException($"checkpoint {path} is damaged: its content ({bytes.Length} bytes) does not have the SHA-256 it is named after");
        }

        try
        {
            return Checkpoint.FromTensors(SafeTensors.Parse(bytes));
        }
        catch (FormatException e)
        {
            throw new CheckpointException($"checkpoint {path} is malformed: {e.Message}", e);
        }
    }
}
