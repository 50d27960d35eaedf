using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Importance;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Client;

/// <summary>What <see cref="ResultReader"/> reads, from a file here or through a head.</summary>
internal abstract class ResultSource : IDisposable
{
    /// <summary>For messages: <c>in FILE</c>, or <c>on the head at URL</c>.</summary>
    public abstract string Where { get; }

    /// <summary>The head that is read through; null for a file.</summary>
    public abstract Uri? Head { get; }

    /// <summary>What a person is told of a sweep's state: a file says nothing of a head that died.</summary>
    public virtual string StateOf(SweepRow sweep) => sweep.State;

    public Task<IReadOnlyList<SweepRow>> SweepsAsync(CancellationToken cancellation) =>
        AskAsync("sweeps", reader => reader.Sweeps(), cancellation);

    /// <inheritdoc cref="ResultReader.FindSweeps"/>
    public Task<IReadOnlyList<SweepRow>> FindSweepsAsync(string reference, CancellationToken cancellation) =>
        AskAsync($"sweeps?find={Uri.EscapeDataString(reference)}", reader => reader.FindSweeps(reference), cancellation);

    public Task<TrialRow?> TrialAsync(TrialId trial, CancellationToken cancellation) =>
        AskAsync(PathOf(trial), reader => reader.Trial(trial), cancellation, mayMiss: true);

    /// <summary>A page of trials by columns; those of parameters hold JSON.</summary>
    /// <exception cref="QueryException">The filter, the order or a column is wrong.</exception>
    public Task<TrialTable> TrialsAsync(SweepId sweep, TrialTableRequest request, CancellationToken cancellation) => AskAsync(
        $"sweeps/{sweep}/trials?{QueryOf(request)}",
        reader => new TableReader(reader.Path).Trials(sweep, request)
            ?? throw new CommandError(ExitCodes.NotFound, $"there is no sweep '{sweep}' {Where}"),
        cancellation);

    /// <inheritdoc cref="ResultReader.Attempts"/>
    public Task<IReadOnlyList<AttemptRow>> AttemptsAsync(TrialId trial, CancellationToken cancellation) =>
        AskAsync($"{PathOf(trial)}/attempts", reader => reader.Attempts(trial), cancellation);

    /// <summary>How far a running trial is; null where it does not run, and from a file, which does not say.</summary>
    public Task<TrialProgress?> ProgressAsync(TrialId trial, CancellationToken cancellation) =>
        AskAsync<TrialProgress?>($"{PathOf(trial)}/progress", _ => null, cancellation, mayMiss: true);

    public Task<IReadOnlyList<ReportRow>> ReportsAsync(TrialId trial, CancellationToken cancellation) =>
        AskAsync($"{PathOf(trial)}/reports", reader => reader.Reports(trial), cancellation);

    /// <inheritdoc cref="ResultReader.SupersededReports"/>
    public Task<IReadOnlyList<SupersededReportRow>> SupersededAsync(TrialId trial, CancellationToken cancellation) =>
        AskAsync($"{PathOf(trial)}/superseded", reader => reader.SupersededReports(trial), cancellation);

    /// <summary>The checkpoints that are kept of a trial, the oldest first.</summary>
    public Task<IReadOnlyList<CheckpointRow>> CheckpointsAsync(TrialId trial, CancellationToken cancellation) =>
        AskAsync($"{PathOf(trial)}/checkpoints", reader => reader.Checkpoints(trial), cancellation);

    public Task<IReadOnlyList<LeaderboardRow>> LeaderboardAsync(SweepId sweep, int top, CancellationToken cancellation) =>
        AskAsync($"sweeps/{sweep}/leaderboard?top={top}", reader => reader.Leaderboard(sweep, top), cancellation);

    /// <inheritdoc cref="SpaceAnswer.Of"/>
    public Task<SpaceAnswer?> SpaceAsync(SweepRow sweep, CancellationToken cancellation) =>
        AskAsync($"sweeps/{sweep.Sweep}/space", _ => SpaceAnswer.Of(sweep), cancellation, mayMiss: true);

    /// <inheritdoc cref="ComparedReader.Importance"/>
    public Task<ImportanceAnswer> ImportanceAsync(
        SweepRow sweep, SearchSpace space, double quantile, CancellationToken cancellation) => AskAsync(
        string.Create(CultureInfo.InvariantCulture, $"sweeps/{sweep.Sweep}/importance?quantile={quantile:R}"),
        reader => new ComparedReader(reader.Path).Importance(sweep, space, quantile),
        cancellation);

    /// <inheritdoc cref="ComparedReader.Contour"/>
    public Task<Contour?> ContourAsync(
        SweepRow sweep, SearchSpace space, (string X, string Y) names, int columns, int rows, CancellationToken cancellation) => AskAsync(
        $"sweeps/{sweep.Sweep}/contour?x={Uri.EscapeDataString(names.X)}&y={Uri.EscapeDataString(names.Y)}&columns={columns}&rows={rows}",
        reader => new ComparedReader(reader.Path).Contour(
            SweepId.Parse(sweep.Sweep), space, sweep.Metric, sweep.Maximize, names, columns, rows),
        cancellation);

    /// <inheritdoc cref="LadderReader.Of"/>
    public Task<IReadOnlyList<RungWorth>> LadderAsync(SweepRow sweep, CancellationToken cancellation) =>
        AskAsync($"sweeps/{sweep.Sweep}/ladder", reader => new LadderReader(reader.Path).Of(sweep), cancellation);

    /// <summary>Those that are news, the last ones.</summary>
    public Task<IReadOnlyList<EventRow>> NewsAsync(SweepId sweep, int last, CancellationToken cancellation) =>
        AskAsync($"sweeps/{sweep}/events?last={last}&news=true", reader => reader.Events(sweep, last, news: true), cancellation);

    public Task<IReadOnlyList<EventRow>> EventsAsync(TrialId trial, int last, CancellationToken cancellation) =>
        AskAsync($"{PathOf(trial)}/events?last={last}", reader => reader.Events(trial, last), cancellation);

    public Task<IReadOnlyList<FailureCount>> FailuresAsync(SweepId sweep, CancellationToken cancellation) =>
        AskAsync($"sweeps/{sweep}/failures", reader => reader.Failures(sweep), cancellation);

    /// <summary>What the sweep's checkpoints, logs and files take.</summary>
    public abstract Task<FolderUse> UseAsync(SweepId sweep, CancellationToken cancellation);

    /// <summary>The file of a trial's checkpoint; null where it is gone.</summary>
    public async Task<byte[]?> CheckpointFileAsync(TrialId trial, CheckpointRow checkpoint, CancellationToken cancellation)
    {
        await using var content = await OpenCheckpointAsync(trial, checkpoint, cancellation);
        if (content is null) return null;

        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    /// <inheritdoc cref="CheckpointFileAsync"/>
    public abstract Task<Stream?> OpenCheckpointAsync(TrialId trial, CheckpointRow checkpoint, CancellationToken cancellation);

    /// <summary>The files that a trial wrote for somebody to look at, by name.</summary>
    public abstract Task<IReadOnlyList<OutputFile>> FilesAsync(TrialId trial, CancellationToken cancellation);

    /// <summary>The content of one of them; null where there is none of that name.</summary>
    public abstract Task<Stream?> OpenFileAsync(TrialId trial, string name, CancellationToken cancellation);

    /// <exception cref="QueryException">The query is wrong, would do more than read, or takes too long.</exception>
    public abstract Task<QueryResult> QueryAsync(ReadOnlyQuery query, CancellationToken cancellation);

    /// <summary>What the interface says to a path below <c>/api/v1</c>, as its pages read it; null where it refuses.</summary>
    public abstract Task<JsonNode?> AnswerAsync(string path, CancellationToken cancellation);

    /// <summary>A verified copy of the whole database; what is at <paramref name="target"/> is never overwritten.</summary>
    /// <returns>Its bytes.</returns>
    public abstract Task<long> BackUpAsync(string target, CancellationToken cancellation);

    public abstract void Dispose();

    /// <summary>One question, as a head's API takes it and as a file is read for it.</summary>
    /// <param name="mayMiss">A head that does not find it, or cannot make it, gives null.</param>
    protected abstract Task<T> AskAsync<T>(string path, Func<ResultReader, T> read, CancellationToken cancellation, bool mayMiss = false);

    private static string PathOf(TrialId trial) => $"trials/{trial.Sweep}/{trial.Number}";

    private static string QueryOf(TrialTableRequest request)
    {
        (string Name, string? Value)[] asked =
        [
            ("where", request.Where), ("sort", request.Sort), ("columns", request.Columns is { } names ? string.Join(',', names) : null),
            ("cursor", request.Cursor), ("offset", $"{request.Offset}"), ("limit", $"{request.Limit}"),
        ];
        return string.Join(
            '&', asked.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
    }
}
