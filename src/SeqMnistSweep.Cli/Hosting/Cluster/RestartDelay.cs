namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>How long to wait before a worker that died is started again: 1 s, doubled each time up to a minute, from 1 s again after it has
/// lived for a minute.</summary>
internal sealed class RestartDelay
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;

    public TimeSpan After(TimeSpan lived)
    {
        if (lived >= Longest)
        {
            _next = First;
        }

        var delay = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return delay;
    }
}
