using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Models;

/// <summary>What a trial that is trained once more says.</summary>
/// <param name="stopAfter">The epoch after which the trial was stopped; null for one that ran to its end.</param>
internal sealed class Rerun(int? stopAfter, Action<string> say, CancellationToken stop) : ITrialSession
{
    private readonly List<(EpochReport Report, CheckpointFile? Checkpoint)> _epochs = [];

    public IReadOnlyList<(EpochReport Report, CheckpointFile? Checkpoint)> Epochs => _epochs;

    public ImmutableSortedDictionary<string, string> Facts { get; private set; } = ImmutableSortedDictionary<string, string>.Empty;

    public TrialRequest Requested => stop.IsCancellationRequested ? TrialRequest.Stop : TrialRequest.None;

    public void Describe(ImmutableSortedDictionary<string, string> facts) => Facts = facts;

    public void Progress(TrialProgress progress)
    {
    }

    public Verdict Report(EpochReport report, CheckpointFile? checkpoint)
    {
        _epochs.Add((report, checkpoint));
        say($"epoch {report.Epoch} done");
        return report.Epoch >= stopAfter ? Verdict.Stop : Verdict.Continue;
    }

    public void Wait(TimeSpan time) => stop.WaitHandle.WaitOne(time);
}
