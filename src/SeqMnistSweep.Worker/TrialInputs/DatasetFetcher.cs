using SeqMnistSweep.Datasets;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>The dataset of a trial, with the digest that its sweep was begun on: from this machine, drawn, or fetched from the head, once
/// however many slots and workers wait for it. Never another one.</summary>
internal sealed class DatasetFetcher(
    WorkerOptions options, HeadFiles? head, TimeProvider time, IReadOnlyList<DatasetDefinition>? catalog = null)
{
    private readonly IReadOnlyList<DatasetDefinition> _catalog = catalog ?? DatasetCatalog.All;
    private readonly object _gate = new();
    private readonly Dictionary<string, Task<string?>> _here = [];

    /// <returns>The folder to look for datasets in first; null for the usual places only.</returns>
    /// <exception cref="InputMissingException">It is neither here nor on the head, or this program knows another of that name.</exception>
    public Task<string?> ResolveAsync(TrialGrant grant, CancellationToken cancellation)
    {
        var name = grant.DatasetDigests.IsEmpty ? null : NameOf(grant);
        if (name is null || !grant.DatasetDigests.TryGetValue(name, out var digest))
        {
            return Task.FromResult(options.DataFolder);
        }

        if (_catalog.FirstOrDefault(known => known.Name == name) is not { } dataset || dataset.Digest != digest)
        {
            throw new InputMissingException(
                FailureCause.Invalid,
                $"the sweep was begun on a dataset '{name}' (digest {digest[..Math.Min(12, digest.Length)]}) that this program does not "
                    + "know; head and workers must be of the same version");
        }

        lock (_gate)
        {
            if (!_here.TryGetValue(name, out var here) || here.IsFaulted)
            {
                // Not cancelled with the attempt that asked first: others wait for it too.
                here = _here[name] = Task.Run(() => FindOrFetchAsync(dataset), CancellationToken.None);
            }

            return here.WaitAsync(cancellation);
        }
    }

    private static string? NameOf(TrialGrant grant) =>
        TrainableCatalog.Find(grant.Program)?.Dataset is { } parameter
            ? (grant.Parameters[parameter.Name] ?? parameter.Default)?.AsText()
            : null;

    private async Task<string?> FindOrFetchAsync(DatasetDefinition dataset)
    {
        if (dataset.IsDrawn || head is null || options.StateFolder is null || IsSound(options.DataFolder, dataset))
        {
            return options.DataFolder;
        }

        var folder = Path.Combine(options.StateFolder, "datasets", dataset.Digest[..16]);
        PrivateFile.CreateMissingFolders(folder);
        using (await ExclusiveFile.HoldAsync(
            Path.Combine(folder, $".{dataset.Name}.lock"), time, CancellationToken.None, isPrivate: true))
        {
            if (!Directory.Exists(Path.Combine(folder, dataset.Name)))
            {
                await FetchAsync(head, dataset, folder);
            }
        }

        return IsSound(folder, dataset)
            ? folder
            : throw Missing(
                $"the copy of the dataset '{dataset.Name}' in {Path.Combine(folder, dataset.Name)} is damaged; delete that folder, and it "
                    + "is fetched again");
    }

    private static async Task FetchAsync(HeadFiles head, DatasetDefinition dataset, string folder)
    {
        var path = $"api/v1/datasets/{Uri.EscapeDataString(dataset.Name)}";
        var (manifest, missing) = await head.ReadAsync<Manifest>(path, CancellationToken.None);
        if (manifest is null)
        {
            throw Missing($"the dataset '{dataset.Name}' is not on this machine, nor to be had from the head: {missing}");
        }

        if (manifest.Digest != dataset.Digest)
        {
            throw Missing($"the head has another dataset by the name of '{dataset.Name}' (digest {manifest.Digest})");
        }

        var staging = Path.Combine(folder, $".{dataset.Name}{AtomicFile.PartialSuffix}");
        foreach (var file in manifest.Files)
        {
            // The head may name any file; only these are a dataset's.
            if (!dataset.Files.Any(known => file.Name == known.Name || file.Name == known.Name + ".gz"))
            {
                throw Missing($"the head names a file '{file.Name}' that is none of the dataset '{dataset.Name}'");
            }

            var target = Path.Combine(staging, file.Name);
            var source = $"{path}/{Uri.EscapeDataString(file.Name)}";
            if (!File.Exists(target) && !await head.DownloadAsync(source, target, file.Sha256, file.Bytes, CancellationToken.None))
            {
                throw Missing($"{file.Name} of the dataset '{dataset.Name}' is no longer on the head");
            }
        }

        Directory.Move(staging, Path.Combine(folder, dataset.Name));
    }

    private static InputMissingException Missing(string message) => new(FailureCause.Crashed, message);

    private bool IsSound(string? folder, DatasetDefinition dataset)
    {
        try
        {
            var store = new DatasetStore(DatasetPlaces.OfThisProcess(folder), _catalog);
            return store.Locate(dataset.Name) is not null && store.Verify(dataset.Name).All(check => check.Error is null);
        }
        catch (DatasetException)
        {
            return false;
        }
    }

    private sealed record Manifest(string Digest, IReadOnlyList<ManifestFile> Files);

    private sealed record ManifestFile(string Name, long Bytes, string Sha256);
}
