using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Grains;

/// <summary>One running attempt, on the worker that holds its lease; the key is <see cref="TrialGrainKey"/>. The worker's agent owns slot and runner, this is their address.</summary>
[Alias("seqsweep.ITrialGrain")]
public interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>Puts the attempt into a free slot and returns; a second call for the same lease does nothing.</summary>
    [Alias("Start")]
    Task Start(TrialGrant grant);

    /// <summary>Drops the attempt: the runner is told to stop and killed if it does not.</summary>
    [Alias("Stop")]
    Task Stop(string reason);

    /// <summary>Asks for a checkpoint and the slot; the trial goes on later.</summary>
    [Alias("GiveBack")]
    Task GiveBack();

    /// <summary>Null when the attempt is not, or no longer, in a slot.</summary>
    [Alias("GetProgress")]
    Task<TrialProgress?> GetProgress();
}
