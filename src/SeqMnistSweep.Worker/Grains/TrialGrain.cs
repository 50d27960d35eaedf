using Orleans.Placement;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Worker.Agents;

namespace SeqMnistSweep.Worker.Grains;

/// <summary>The address of one running attempt. Holds nothing itself: slot and runner are the agent's, so the grain may come and go.</summary>
[PinnedPlacement, Immovable]
internal sealed class TrialGrain(WorkerAgent agent) : Grain, ITrialGrain
{
    private TrialGrainKey Key => TrialGrainKey.Parse(this.GetPrimaryKeyString());

    public Task Start(TrialGrant grant)
    {
        agent.Begin(grant);

        // Short trials come by the thousand; one activation each would fill the memory before any is collected.
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Stop(string reason)
    {
        agent.Drop(Key.Trial, Key.Lease, reason);
        return Task.CompletedTask;
    }

    public Task GiveBack()
    {
        agent.GiveBack(Key.Trial, Key.Lease);
        return Task.CompletedTask;
    }

    public Task<TrialProgress?> GetProgress() => Task.FromResult(agent.ProgressOf(Key.Trial, Key.Lease));
}
