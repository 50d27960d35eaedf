using Orleans.Placement;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Worker.Agents;

namespace SeqMnistSweep.Worker.Grains;

/// <summary>The worker's mailbox.</summary>
[PinnedPlacement, Immovable]
internal sealed class WorkerGrain(WorkerAgent agent) : Grain, IWorkerGrain
{
    public Task Poke()
    {
        agent.Poke();
        return Task.CompletedTask;
    }

    public Task<LogChunk> ReadLog(TrialId trial, int after, long offset) => Task.FromResult(agent.ReadLog(trial, after, offset));
}
