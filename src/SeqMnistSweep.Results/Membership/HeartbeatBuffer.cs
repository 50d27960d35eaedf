using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Results.Membership;

/// <summary>Signs of life that are not on the disk yet: the newest of each silo. They are written together, so that hundreds of silos, each
/// of which shows itself every few seconds, cost one commit and not one each. What a power loss takes was soon to be replaced
/// anyway.</summary>
internal sealed class HeartbeatBuffer : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(3);

    private readonly ResultWriter _writer;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _newest = new(StringComparer.Ordinal);
    private Task _flush = Task.CompletedTask;
    private bool _armed;

    public HeartbeatBuffer(ResultWriter writer, TimeProvider time)
    {
        _writer = writer;
        _timer = time.CreateTimer(_ => StartFlush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IReadOnlyDictionary<string, DateTimeOffset> Current()
    {
        lock (_gate)
        {
            return new Dictionary<string, DateTimeOffset>(_newest, StringComparer.Ordinal);
        }
    }

    public void Add(string silo, DateTimeOffset alive)
    {
        lock (_gate)
        {
            if (!_newest.TryGetValue(silo, out var known) || alive > known)
            {
                _newest[silo] = alive;
            }

            if (!_armed)
            {
                _armed = _timer.Change(Delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        StartFlush();
        _flush.GetAwaiter().GetResult();
    }

    private void StartFlush()
    {
        lock (_gate)
        {
            _armed = false;
            _flush = FlushAsync(_flush);
        }
    }

    private async Task FlushAsync(Task previous)
    {
        await previous.ConfigureAwait(false);
        var signs = Current();
        if (signs.Count == 0) return;

        try
        {
            await WriteAsync(signs).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DatabaseException or ObjectDisposedException)
        {
            // They stay here, where readers see them; the next sign starts another try, and the writer itself says what its trouble is.
            return;
        }

        lock (_gate)
        {
            foreach (var (silo, alive) in signs.Where(sign => _newest[sign.Key] == sign.Value).ToList())
            {
                _newest.Remove(silo);
            }
        }
    }

    /// <remarks>A sign of a silo that has no row, or none any more, changes nothing and is forgotten.</remarks>
    private Task<bool> WriteAsync(IReadOnlyDictionary<string, DateTimeOffset> signs) => _writer.EnqueueAsync(signs.Count, statements =>
    {
        foreach (var (silo, alive) in signs)
        {
            var text = Timestamp.Format(alive);
            statements.Execute("update member set alive = @alive where silo = @silo and alive < @alive", ("alive", text), ("silo", silo));
        }

        return (true, Keep: true);
    });
}
