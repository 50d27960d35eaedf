using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The dashboard of a database that is only read. One of an earlier program is read in a copy with this program's schema.</summary>
internal sealed class StoredPage : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly HeadStore _store;
    private readonly LocalPage _page;
    private readonly bool _isCopy;

    private StoredPage(DirectoryInfo folder, HeadStore store, LocalPage page, bool isCopy) =>
        (_folder, _store, _page, _isCopy) = (folder, store, page, isCopy);

    public IServiceProvider Services => _page.Services;

    /// <summary>Lets one browser in, once, to look.</summary>
    public Uri Link => _page.Link(Credentials.Own with { Role = Role.Viewer });

    /// <summary>For a person, behind the name of the file: empty, or that it is an earlier program's.</summary>
    public string Note => _isCopy ? ", as it is now (an earlier program wrote it)," : "";

    /// <param name="port">0 takes a free one.</param>
    /// <exception cref="IOException">The port cannot be had.</exception>
    /// <exception cref="Results.DatabaseException">The database cannot be read.</exception>
    public static async Task<StoredPage> StartAsync(string database, int port, TimeProvider time)
    {
        var folder = Directory.CreateTempSubdirectory("seqsweep-open-");
        HeadStore? store = null;
        try
        {
            var copy = DatabaseCopy.UpToDate(database, folder.FullName, time);
            store = HeadStore.OpenReadOnly(copy ?? database, time);
            return new StoredPage(
                folder, store, await LocalPage.StartAsync(store, OptionsOf(database), port, time), isCopy: copy is not null);
        }
        catch
        {
            store?.Dispose();
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _page.DisposeAsync();
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    private static HeadOptions OptionsOf(string database) => new()
    {
        CheckpointFolder = Path.Combine(Path.GetDirectoryName(database)!, "checkpoints"),
        Samples = new HeadData(null).Samples,
        QueryCommand = RunnerCommandLine.Query(),
        OwnAccountOnly = true,
    };
}
