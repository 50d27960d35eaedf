namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>When a worker leaves by itself: after a time, or when there has been nothing to do for a while. Times are since its
/// start.</summary>
internal sealed class WorkerLife(TimeSpan? untilIdle, TimeSpan? maxTime)
{
    private TimeSpan _idleSince;

    /// <summary>Null while it should stay, else why it leaves.</summary>
    public string? EndsBecause(TimeSpan now, bool busy)
    {
        if (busy)
        {
            _idleSince = now;
        }

        return maxTime is { } most && now >= most
            ? $"--max-time {most:c} has passed"
            : untilIdle is { } idle && now - _idleSince >= idle ? $"there was nothing to do for {idle:c}" : null;
    }
}
