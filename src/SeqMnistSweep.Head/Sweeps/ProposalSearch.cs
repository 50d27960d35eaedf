namespace SeqMnistSweep.Head.Sweeps;

/// <summary>What a method computes for a sweep's next trial, while the sweep's turn is free: however long that takes, the sweep answers, and
/// can be stopped. Called in the turn.</summary>
/// <param name="compute">Runs what is computed, elsewhere.</param>
/// <param name="take">Takes in what was computed, in the turn again.</param>
internal sealed class ProposalSearch(Func<Func<Action>, Task<Action>> compute, Action<Action> take, TimeProvider time)
{
    /// <summary>How long a call waits for a proposal; one that takes longer is granted by a later call.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private Task? _running;

    /// <param name="begin">Asked unless a search is under way; null when there is nothing to compute.</param>
    public async Task RunAsync(Func<Func<Action>?> begin)
    {
        if (_running is null && begin() is { } search)
        {
            var computing = ComputeAsync(search);
            _running = computing.IsCompleted ? null : computing;
        }

        if (_running is { } running)
        {
            await Task.WhenAny(running, Task.Delay(LongestWait, time));
        }
    }

    private async Task ComputeAsync(Func<Action> search)
    {
        var result = await compute(search);
        _running = null;
        take(result);
    }
}
