using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Live;

/// <summary>The rows of all sweeps, without their files: kept, and read again only of sweeps that have changed, for to count the trials of all of them takes long.</summary>
internal sealed class SweepList(HeadStore store)
{
    private readonly Lock _reading = new();
    private readonly Dictionary<SweepId, SweepRow> _rows = [];
    private long _read = -1;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<SweepRow> Read()
    {
        lock (_reading)
        {
            // What is committed meanwhile is read again the next time.
            var version = store.Changes.Version;
            if (_read < 0)
            {
                foreach (var row in store.Reader.Sweeps())
                {
                    Keep(row);
                }
            }
            else
            {
                foreach (var row in store.Changes.ChangedAfter(_read).Select(store.Reader.Sweep).OfType<SweepRow>())
                {
                    Keep(row);
                }
            }

            _read = version;
            return [.. _rows.Values.OrderByDescending(row => row.Created, StringComparer.Ordinal).ThenByDescending(row => row.Sweep, StringComparer.Ordinal)];
        }
    }

    private void Keep(SweepRow row) => _rows[SweepId.Parse(row.Sweep)] = row with { Spec = "" };
}
