using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Results out of a database file on this machine.</summary>
internal sealed class FileResults(ResultReader reader, TimeProvider time) : ResultSource
{
    private StoredApi? _api;

    public override string Where => $"in {reader.Path}";

    public override Uri? Head => null;

    /// <summary>Only in what is shown: the database keeps the state in which the sweep goes on.</summary>
    public const string Interrupted = "interrupted";

    public string Path => reader.Path;

    /// <summary>Of a sweep that was under way when its head or run ended.</summary>
    public override string StateOf(SweepRow sweep) =>
        StateNames.Parse<SweepState>(sweep.State) is SweepState.Running or SweepState.Stopping && !reader.IsHeld()
            ? Interrupted
            : sweep.State;

    public override Task<Stream?> OpenCheckpointAsync(TrialId trial, CheckpointRow checkpoint, CancellationToken cancellation)
    {
        var file = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(reader.Path)!, "checkpoints", trial.Sweep.Value, $"{trial.Number}",
            CheckpointFile.NameOf(checkpoint.Digest, checkpoint.Name));
        return Task.FromResult<Stream?>(File.Exists(file) ? File.OpenRead(file) : null);
    }

    public override Task<FolderUse> UseAsync(SweepId sweep, CancellationToken cancellation) => Task.FromResult(
        SweepFolders.Measure(Folders, sweep));

    public override Task<IReadOnlyList<OutputFile>> FilesAsync(TrialId trial, CancellationToken cancellation) =>
        Task.FromResult(OutputFolder.List(FilesOf(trial)));

    public override Task<Stream?> OpenFileAsync(TrialId trial, string name, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(OutputFolder.Find(FilesOf(trial), name) is { } path ? File.OpenRead(path) : null);

    public IReadOnlyList<WorkerRow> Workers() => reader.Workers();

    public override Task<QueryResult> QueryAsync(ReadOnlyQuery query, CancellationToken cancellation) =>
        Task.FromResult(query.Run(reader.Path, time, cancellation));

    public override Task<JsonNode?> AnswerAsync(string path, CancellationToken cancellation) =>
        (_api ??= new StoredApi(reader.Path, Folders, time)).GetAsync(path, cancellation);

    public override Task<long> BackUpAsync(string target, CancellationToken cancellation) =>
        Task.FromResult(DatabaseCopy.Write(reader.Path, target));

    /// <summary>Whether a head or a run has the file.</summary>
    public bool IsHeld => reader.IsHeld();

    public override void Dispose() => _api?.Dispose();

    /// <summary>Where a head on this database keeps files.</summary>
    private HeadOptions Folders => new()
    {
        CheckpointFolder = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(reader.Path)!, "checkpoints"),
    };

    private string FilesOf(TrialId trial) => System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(reader.Path)!, "outputs", trial.Sweep.Value, $"{trial.Number}");

    protected override Task<T> AskAsync<T>(
        string path, Func<ResultReader, T> read, CancellationToken cancellation, bool mayMiss = false) => Task.FromResult(read(reader));
}
