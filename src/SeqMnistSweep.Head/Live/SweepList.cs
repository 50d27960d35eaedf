using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Head.Live;

/// <summary>Caches the rows of all sweeps, without their files, and reads again only those that changed, because counting every sweep's
/// trials is slow.</summary>
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
            // Taken first: a commit during the read is read again the next time.
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
                foreach (var sweep in store.Changes.ChangedAfter(_read))
                {
                    if (store.Reader.Sweep(sweep) is { } row)
                    {
                        Keep(row);
                    }
                    else
                    {
                        _rows.Remove(sweep);
                    }
                }
            }

            _read = version;
            return [.. _rows.Values.OrderByDescending(row => row.Created, StringComparer.Ordinal)
                .ThenByDescending(row => row.Sweep, StringComparer.Ordinal)];
        }
    }

    private void Keep(SweepRow row) => _rows[SweepId.Parse(row.Sweep)] = row with { Spec = "" };
}
