using SeqMnistSweep.Files;

namespace SeqMnistSweep.Training.Checkpoints;

/// <summary>Checkpoints in a folder, named by the SHA-256 of their content, so equal training gives equal names.</summary>
internal static class CheckpointFolder
{
    /// <summary>A file with a checkpoint's name is always whole.</summary>
    public static CheckpointFile Write(string folder, Checkpoint checkpoint)
    {
        var bytes = checkpoint.ToTensors().ToBytes();
        var file = new CheckpointFile(checkpoint.Epoch, checkpoint.Batch, Digest.Of(bytes), bytes.Length);
        PrivateFile.CreateMissingFolders(folder);
        AtomicFile.Write(Path.Combine(folder, file.FileName), bytes, isPrivate: true);
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

        if (Digest.Of(bytes) != file.Digest)
        {
            throw new CheckpointException(
                $"checkpoint {path} is damaged: its content ({bytes.Length} bytes) does not have the SHA-256 it is named after");
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

/// <summary>A checkpoint is missing, damaged or of another network.</summary>
/// <param name="message">Names the file and what is wrong, for the user.</param>
/// <param name="cause">What was caught; null when nothing was.</param>
public sealed class CheckpointException(string message, Exception? cause = null) : Exception(message, cause);
