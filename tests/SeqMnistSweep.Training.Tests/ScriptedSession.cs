using System.Collections.Immutable;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests;

/// <summary>A session that writes down what the trial says, and asks and answers as the test wants.</summary>
internal sealed class ScriptedSession : ITrialSession
{
    private int _polls;

    /// <summary>By number of the poll, counted from 1: what the trial finds requested.</summary>
    public Func<int, TrialRequest> OnPoll { get; init; } = _ => TrialRequest.None;

    public Func<EpochReport, Verdict> OnReport { get; init; } = _ => Verdict.Continue;

    public List<EpochReport> Reports { get; } = [];

    public List<CheckpointFile?> Checkpoints { get; } = [];

    public List<TrialProgress> ProgressMade { get; } = [];

    public ImmutableSortedDictionary<string, string>? Facts { get; private set; }

    public int Polls => _polls;

    /// <summary>Once asked for, a request stands.</summary>
    public TrialRequest Requested
    {
        get
        {
            _polls++;
            for (var poll = 1; poll <= _polls; poll++)
            {
                if (OnPoll(poll) is not TrialRequest.None and var request)
                {
                    return request;
                }
            }

            return TrialRequest.None;
        }
    }

    public void Describe(ImmutableSortedDictionary<string, string> facts) => Facts = facts;

    public void Progress(TrialProgress progress) => ProgressMade.Add(progress);

    public Verdict Report(EpochReport report, CheckpointFile? checkpoint)
    {
        Reports.Add(report);
        Checkpoints.Add(checkpoint);
        return OnReport(report);
    }

    public void Wait(TimeSpan time)
    {
    }
}
