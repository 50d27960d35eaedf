using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Client;

/// <summary>What <see cref="ResultReader"/> reads, from a file here or through a head.</summary>
internal interface IResults : IDisposable
{
    /// <summary>For messages: <c>in FILE</c>, or <c>on the head at URL</c>.</summary>
    string Where { get; }

    /// <summary>The head that is read through; null for a file.</summary>
    Uri? Head { get; }

    Task<IReadOnlyList<SweepRow>> SweepsAsync(CancellationToken cancellation);

    /// <inheritdoc cref="ResultReader.FindSweeps"/>
    Task<IReadOnlyList<SweepRow>> FindSweepsAsync(string reference, CancellationToken cancellation);

    Task<TrialRow?> TrialAsync(TrialId trial, CancellationToken cancellation);

    /// <summary>A page of trials by columns; those of parameters hold JSON.</summary>
    /// <exception cref="QueryException">The filter, the order or a column is wrong.</exception>
    Task<TrialTable> TrialsAsync(SweepId sweep, TrialTableRequest request, CancellationToken cancellation);

    /// <inheritdoc cref="ResultReader.Attempts"/>
    Task<IReadOnlyList<AttemptRow>> AttemptsAsync(TrialId trial, CancellationToken cancellation);

    /// <summary>How far a running trial is; null where it does not run, and from a file, which does not say.</summary>
    Task<TrialProgress?> ProgressAsync(TrialId trial, CancellationToken cancellation);

    Task<IReadOnlyList<ReportRow>> ReportsAsync(TrialId trial, CancellationToken cancellation);

    /// <summary>The checkpoints that are kept of a trial, the oldest first.</summary>
    Task<IReadOnlyList<CheckpointRow>> CheckpointsAsync(TrialId trial, CancellationToken cancellation);

    /// <summary>The file of one of them; null where it is gone.</summary>
    Task<byte[]?> CheckpointFileAsync(TrialId trial, CheckpointRow checkpoint, CancellationToken cancellation);

    Task<IReadOnlyList<LeaderboardRow>> LeaderboardAsync(SweepId sweep, int top, CancellationToken cancellation);

    Task<IReadOnlyList<EventRow>> EventsAsync(SweepId sweep, int last, CancellationToken cancellation);

    Task<IReadOnlyList<EventRow>> EventsAsync(TrialId trial, int last, CancellationToken cancellation);

    Task<IReadOnlyList<FailureCount>> FailuresAsync(SweepId sweep, CancellationToken cancellation);

    /// <exception cref="QueryException">The query is wrong, would do more than read, or takes too long.</exception>
    Task<QueryResult> QueryAsync(ReadOnlyQuery query, CancellationToken cancellation);

    /// <summary>A verified copy of the whole database; what is at <paramref name="target"/> is never overwritten.</summary>
    /// <returns>Its bytes.</returns>
    Task<long> BackUpAsync(string target, CancellationToken cancellation);
}
