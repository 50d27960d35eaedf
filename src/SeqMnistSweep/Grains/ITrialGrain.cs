using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Grains;

/// <summary>One attempt of a trial, on the worker that holds its lease, from its grant until the head has acknowledged how it ended; the
/// key is <see cref="TrialGrainKey"/>.</summary>
[Alias("seqsweep.ITrialGrain")]
public interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>Puts the attempt into a free slot, or lets it wait for one, and returns; a second call for the same lease does
    /// nothing.</summary>
    [Alias("Start")]
    Task Start(TrialGrant grant);

    /// <summary>The newest progress; null before the first, and when the attempt is not, or no longer, here.</summary>
    [Alias("GetProgress")]
    Task<TrialProgress?> GetProgress();
}
