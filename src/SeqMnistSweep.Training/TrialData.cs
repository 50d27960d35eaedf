using SeqMnistSweep.Datasets;
using SeqMnistSweep.Training.Data;

namespace SeqMnistSweep.Training;

/// <summary>The images of one trial, cut as the settings say: the holdout first, then the limits.</summary>
internal sealed class TrialData
{
    /// <exception cref="InvalidSettingsException">The dataset is too small for the holdout.</exception>
    public TrialData(TcnSettings settings, Dataset dataset)
    {
        var forTraining = dataset.Train.Count - settings.Holdout;
        if (forTraining < 1)
        {
            throw new InvalidSettingsException(
                $"holdout is {settings.Holdout}, but {dataset.Name} has {dataset.Train.Count} training images; one must be left to train "
                    + "on");
        }

        Train = new LabelledImages(dataset.Train, 0, Math.Min(settings.TrainLimit ?? forTraining, forTraining), settings.Permutation);
        var (evaluation, start) = settings.Holdout > 0 ? (dataset.Train, forTraining) : (dataset.Test, 0);
        var available = evaluation.Count - start;
        Evaluation = new LabelledImages(evaluation, start, Math.Min(settings.EvalLimit ?? available, available), settings.Permutation);
        Test = settings.Holdout > 0 ? new LabelledImages(dataset.Test, 0, dataset.Test.Count, settings.Permutation) : null;
    }

    public LabelledImages Train { get; }

    /// <summary>The holdout, or the test set when there is none: what every report is about.</summary>
    public LabelledImages Evaluation { get; }

    /// <summary>Null without a holdout.</summary>
    public LabelledImages? Test { get; }
}
