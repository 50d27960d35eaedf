using SeqMnistSweep.Files;
using SeqMnistSweep.Clients;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>The folder that programs find on their PYTHONPATH: <c>seqsweep</c>, and <c>wandb</c> where it is not installed.</summary>
internal static class PythonModules
{
    /// <summary>Writes what is not there as it should be.</summary>
    /// <param name="folder">The modules; beside it lie those of programs without a stand-in for wandb.</param>
    /// <returns>The folder to name.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string WriteTo(string folder, WandbShim shim = WandbShim.WhereMissing)
    {
        folder += shim == WandbShim.None ? "-without-wandb" : "";
        PrivateFile.CreateMissingFolders(folder);
        foreach (var (name, content) in PythonSources.All.Where(source => shim != WandbShim.None || source.Key == PythonSources.Module))
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
