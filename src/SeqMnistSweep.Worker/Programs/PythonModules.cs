using SeqMnistSweep.Files;
using SeqMnistSweep.Clients;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>The folder that programs find on their PYTHONPATH: <c>seqsweep</c>, and <c>wandb</c> where it is not installed.</summary>
internal static class PythonModules
{
    /// <summary>Writes what is not there as it should be.</summary>
    /// <returns>The folder.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string WriteTo(string folder)
    {
        PrivateFile.CreateMissingFolders(folder);
        foreach (var (name, content) in PythonSources.All)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content.AsSpan()))
            {
                PrivateFile.Write(path, content.AsSpan());
            }
        }

        return folder;
    }
}
