using Orleans.Placement;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Agents;

namespace SeqMnistSweep.Worker.Grains;

/// <summary>The worker's mailbox.</summary>
[PinnedPlacement, Immovable]
internal sealed class WorkerGrain(WorkerAgent agent, WorkerOptions options) : Grain, IWorkerGrain
{
    public Task Poke()
    {
        agent.Poke();
        return Task.CompletedTask;
    }

    public Task<WorkerStatus> GetStatus() =>
        Task.FromResult(new WorkerStatus(options.Name, options.Device, options.Slots, agent.IsDraining, agent.Running()));

    public Task<LogChunk> ReadLog(TrialId trial, long offset) => throw new NotImplementedException();
}
