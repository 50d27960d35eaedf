using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Results out of a database file on this machine.</summary>
internal sealed class FileResults(ResultReader reader, TimeProvider time) : IResults
{
    public string Where => $"in {reader.Path}";

    public Uri? Head => null;

    public Task<IReadOnlyList<SweepRow>> SweepsAsync(CancellationToken cancellation) => Task.FromResult(reader.Sweeps());

    public Task<IReadOnlyList<SweepRow>> FindSweepsAsync(string reference, CancellationToken cancellation) =>
        Task.FromResult(reader.FindSweeps(reference));

    public Task<TrialRow?> TrialAsync(TrialId trial, CancellationToken cancellation) => Task.FromResult(reader.Trial(trial));

    public Task<TrialTable> TrialsAsync(SweepId sweep, TrialTableRequest request, CancellationToken cancellation) => Task.FromResult(
        new TableReader(reader.Path).Trials(sweep, request) ?? throw new CommandError(
            ExitCodes.NotFound, $"there is no sweep '{sweep}' {Where}"));

    public Task<IReadOnlyList<AttemptRow>> AttemptsAsync(TrialId trial, CancellationToken cancellation) =>
        Task.FromResult(reader.Attempts(trial));

    public Task<TrialProgress?> ProgressAsync(TrialId trial, CancellationToken cancellation) => Task.FromResult<TrialProgress?>(null);

    public Task<IReadOnlyList<ReportRow>> ReportsAsync(TrialId trial, CancellationToken cancellation) =>
        Task.FromResult(reader.Reports(trial));

    public Task<IReadOnlyList<CheckpointRow>> CheckpointsAsync(TrialId trial, CancellationToken cancellation) =>
        Task.FromResult(reader.Checkpoints(trial));

    public async Task<byte[]?> CheckpointFileAsync(TrialId trial, CheckpointRow checkpoint, CancellationToken cancellation)
    {
        var file = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(reader.Path))!, "checkpoints", trial.Sweep.Value, $"{trial.Number}",
            $"{checkpoint.Digest}.safetensors");
        return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellation) : null;
    }

    public Task<IReadOnlyList<LeaderboardRow>> LeaderboardAsync(SweepId sweep, int top, CancellationToken cancellation) =>
        Task.FromResult(reader.Leaderboard(sweep, top));

    public Task<IReadOnlyList<EventRow>> EventsAsync(SweepId sweep, int last, CancellationToken cancellation) =>
        Task.FromResult(reader.Events(sweep, last));

    public Task<IReadOnlyList<EventRow>> EventsAsync(TrialId trial, int last, CancellationToken cancellation) =>
        Task.FromResult(reader.Events(trial, last));

    public Task<IReadOnlyList<FailureCount>> FailuresAsync(SweepId sweep, CancellationToken cancellation) =>
        Task.FromResult(reader.Failures(sweep));

    public IReadOnlyList<WorkerRow> Workers() => reader.Workers();

    public Task<QueryResult> QueryAsync(ReadOnlyQuery query, CancellationToken cancellation) =>
        Task.FromResult(query.Run(reader.Path, time, cancellation));

    public Task<long> BackUpAsync(string target, CancellationToken cancellation) =>
        Task.FromResult(DatabaseCopy.Write(reader.Path, target));

    /// <summary>Process of the head that has the file open; null without one.</summary>
    public int? HeadProcess() => reader.HeadProcess();

    public void Dispose()
    {
    }
}
