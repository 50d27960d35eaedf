namespace SeqMnistSweep.Cli.Client;

/// <summary>Results out of a database file on this machine.</summary>
internal sealed class FileResults(ResultReader reader, TimeProvider time) : ResultSource
{
    public override string Where => $"in {reader.Path}";

    public override Uri? Head => null;

    public override async Task<byte[]?> CheckpointFileAsync(TrialId trial, CheckpointRow checkpoint, CancellationToken cancellation)
    {
        var file = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(reader.Path))!, "checkpoints", trial.Sweep.Value, $"{trial.Number}",
            $"{checkpoint.Digest}.safetensors");
        return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellation) : null;
    }

    public IReadOnlyList<WorkerRow> Workers() => reader.Workers();

    public override Task<QueryResult> QueryAsync(ReadOnlyQuery query, CancellationToken cancellation) =>
        Task.FromResult(query.Run(reader.Path, time, cancellation));

    public override Task<long> BackUpAsync(string target, CancellationToken cancellation) =>
        Task.FromResult(DatabaseCopy.Write(reader.Path, target));

    /// <summary>Process of the head that has the file open; null without one.</summary>
    public int? HeadProcess() => reader.HeadProcess();

    public override void Dispose()
    {
    }

    protected override Task<T> AskAsync<T>(
        string path, Func<ResultReader, T> read, CancellationToken cancellation, bool mayMiss = false) => Task.FromResult(read(reader));
}
