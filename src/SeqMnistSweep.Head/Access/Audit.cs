using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Access;

namespace SeqMnistSweep.Head.Access;

/// <summary>Who came in, what was refused, and what was changed that is no event of a sweep. Of refusals each address has one entry a
/// minute, which the next one counts on.</summary>
public sealed partial class Audit(HeadStore store, TimeProvider time, ILogger<Audit> logger)
{
    /// <summary>The outcome of what was done.</summary>
    public const string Done = "done";

    private const int MaxAddresses = 10_000;
    private const int LongestText = 200;

    private static readonly TimeSpan RefusalPause = TimeSpan.FromMinutes(1);

    private readonly AuditStore? _entries = store.IsWritable ? new(store.Writer, store.Reader.Path) : null;
    private readonly ConcurrentDictionary<string, Refusals> _refused = new(StringComparer.Ordinal);

    public IReadOnlyList<AuditRow> Last(int count) => _entries?.Last(count) ?? [];

    /// <summary>Keeps an entry; that it cannot is only logged, and a database that is only read keeps none.</summary>
    public void Note(AuditEntry entry) => AddAsync(entry with { Action = Short(entry.Action), Target = Short(entry.Target) }).Ignore();

    /// <summary>Keeps a refusal, unless its address has had one within a minute.</summary>
    public void NoteRefusal(AuditEntry entry)
    {
        var now = time.GetUtcNow();
        if (_refused.Count > MaxAddresses)
        {
            _refused.Clear();
        }

        var seen = _refused.GetOrAdd(entry.Address ?? "", _ => new Refusals());
        if (seen.Take(now) is not { } silent) return;

        Note(silent == 0 ? entry : entry with { Outcome = $"{entry.Outcome}; {silent} more since the entry before" });
        LogRefused(entry.Address ?? "", Short(entry.Action), entry.Outcome);
    }

    private async Task AddAsync(AuditEntry entry)
    {
        if (_entries is null) return;

        try
        {
            await _entries.AddAsync(entry, time.GetUtcNow());
        }
        catch (Exception error) when (error is DatabaseException or ObjectDisposedException)
        {
            LogLost(entry.Action, error.Message);
        }
    }

    internal static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Address} was refused: {Action}: {Outcome}")]
    private partial void LogRefused(string address, string action, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit could not keep {Action}: {Why}")]
    private partial void LogLost(string action, string why);

    /// <summary>Of one address.</summary>
    private sealed class Refusals
    {
        private readonly Lock _gate = new();
        private DateTimeOffset? _told;
        private int _silent;

        /// <returns>How many were not told since the one before; null where this one is not told either.</returns>
        public int? Take(DateTimeOffset now)
        {
            lock (_gate)
            {
                if (_told is { } told && now - told < RefusalPause)
                {
                    _silent++;
                    return null;
                }

                var silent = _silent;
                (_told, _silent) = (now, 0);
                return silent;
            }
        }
    }
}
