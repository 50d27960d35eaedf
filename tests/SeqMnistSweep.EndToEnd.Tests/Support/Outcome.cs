using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>Everything of a sweep that must not depend on who trained it, where, or what died on the way.</summary>
internal static class Outcome
{
    /// <summary>A line per trial with its values and the digest of its last checkpoint, a line per report; fails when a trial did not complete or a report is there twice.</summary>
    public static string Of(LoadedSweep loaded)
    {
        Assert.Equal(SweepState.Completed, loaded.Sweep.State);
        foreach (var trial in loaded.Trials)
        {
            Assert.Equal(TrialState.Completed, trial.State);
            var epochs = loaded.Reports.Where(report => report.Trial == trial.Number).Select(report => report.Report.Epoch).ToList();
            Assert.Equal(Enumerable.Range(1, trial.Epoch), epochs);
        }

        return string.Join('\n', loaded.Trials.Select(trial => $"{trial.Number} {trial.Parameters} {trial.Value:R} {trial.TestAccuracy:R} {trial.TestLoss:R} {trial.Checkpoint?.Digest}")
            .Concat(loaded.Reports.Select(report => $"{report.Trial} {report.Report.Epoch} {report.Report["train_loss"]:R} {report.Report["val_accuracy"]:R}")));
    }
}
