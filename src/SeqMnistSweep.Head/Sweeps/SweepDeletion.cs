using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Access;
using SeqMnistSweep.Results.Removal;

namespace SeqMnistSweep.Head.Sweeps;

/// <summary>Deletes sweeps: first the sweep is gone for everybody, durable and in one transaction with the audit, then its files go, then its
/// rows. A head that ends in between goes on at its next start.</summary>
internal sealed partial class SweepDeletion(
    HeadOptions options, HeadStore store, SweepActors sweeps, TimeProvider time, ILogger<SweepDeletion> logger) : IHostedService
{
    /// <summary>How long one who deletes waits for the files and rows of a large sweep to go.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SweepRemoval _rows = new(store.Writer, store.Reader.Path);
    private readonly ConcurrentDictionary<SweepId, Task> _underWay = new();

    /// <exception cref="SweepRefusedException">It has not ended, or there is none.</exception>
    public async Task<DeleteReply> DeleteAsync(SweepId sweep, SweepAction action)
    {
        if (!_underWay.ContainsKey(sweep))
        {
            await BeginAsync(sweep, action);
            LogDeleted(sweep, action.Actor, action.Reason);
        }

        var removal = _underWay.GetOrAdd(sweep, RemoveAsync);
        await removal.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new DeleteReply(removal.IsCompletedSuccessfully);
    }

    /// <summary>Goes on with what an earlier head began.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var sweep in _rows.Unfinished())
        {
            _underWay.GetOrAdd(sweep, RemoveAsync).Ignore();
        }

        return Task.CompletedTask;
    }

    /// <summary>What is not done yet is for the next start.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task BeginAsync(SweepId sweep, SweepAction action)
    {
        var reason = action.Reason.Length > 0 ? $": {action.Reason}" : "";
        var entry = new AuditEntry(action.By, null, null, "sweep delete", Audit.Short($"{sweep}{reason}"), Audit.Done);
        if (await sweeps.RemoveAsync(sweep, () => _rows.BeginAsync(sweep, entry, time.GetUtcNow())))
        {
            store.Changes.Note(sweep, []);
            return;
        }

        throw store.Reader.Sweep(sweep) is { } stored
            ? new SweepRefusedException($"sweep {sweep} is {stored.State}: one that has not ended is not deleted; cancel it first")
            : new SweepMissingException(sweep.Value);
    }

    private async Task RemoveAsync(SweepId sweep)
    {
        try
        {
            await Task.Run(() => SweepFolders.Delete(options, sweep));
            while (await _rows.StepAsync(sweep))
            {
            }

            // An upload that was under way may have made its folder again.
            SweepFolders.Delete(options, sweep);
        }
        catch (Exception error) when (error is DatabaseException or ObjectDisposedException or IOException or UnauthorizedAccessException)
        {
            LogLeft(error, sweep);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{By} deleted sweep {Sweep}: {Reason}")]
    private partial void LogDeleted(SweepId sweep, string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep} is deleted, and something of it is left: that is tried again at the "
        + "next start.")]
    private partial void LogLeft(Exception error, SweepId sweep);
}
