using SeqMnistSweep.Datasets;
using SeqMnistSweep.Trainables.Tcn;
using SeqMnistSweep.Training.Optimization;

namespace SeqMnistSweep.Training;

/// <summary>The hyperparameters of one <c>tcn</c> trial with their types; <see cref="TcnParameters"/> says what they mean.</summary>
/// <param name="given">Without problems: <see cref="From"/> asks first.</param>
internal sealed class TcnSettings(ParameterSet given)
{
    /// <summary>Images per step, 1 or more; the last batch of an epoch may be shorter.</summary>
    public int BatchSize { get; } = (int)TcnParameters.BatchSize.In(given);

    /// <summary>Passes over the training images, 1 or more.</summary>
    public int Epochs { get; } = (int)TcnParameters.Epochs.In(given);

    /// <summary>Share of activations zeroed after each convolution while training, 0 to below 1.</summary>
    public double Dropout { get; } = TcnParameters.Dropout.In(given);

    /// <summary>Share of pixels zeroed while training, 0 to below 1.</summary>
    public double InputDropout { get; } = TcnParameters.InputDropout.In(given);

    /// <summary>Share of the target that all classes have alike while training, 0 to below 1.</summary>
    public double LabelSmoothing { get; } = TcnParameters.LabelSmoothing.In(given);

    /// <summary>Largest Euclidean norm of the whole gradient; 0 or less is off.</summary>
    public double Clip { get; } = TcnParameters.Clip.In(given);

    /// <summary>Whether every epoch has an order of its own; else the dataset's order holds.</summary>
    public bool Shuffle { get; } = TcnParameters.Shuffle.In(given);

    /// <summary><c>fp32</c>, <c>tf32</c> or <c>bf16</c>.</summary>
    public string Precision { get; } = TcnParameters.Precision.In(given);

    /// <summary>A name of <see cref="DatasetCatalog"/>.</summary>
    public string Dataset { get; } = TcnParameters.Dataset.In(given);

    /// <summary>Of the pixels' order; null when they keep theirs.</summary>
    public int[]? Permutation { get; } =
        TcnParameters.Permute.In(given) ? PixelPermutation.Create((uint)TcnParameters.PermutationSeed.In(given)) : null;

    /// <summary>Images cut off the end of the training set for validation; 0 evaluates on the test set.</summary>
    public int Holdout { get; } = (int)TcnParameters.Holdout.In(given);

    /// <summary>At most so many training images, from the first, after the holdout is cut; null takes all.</summary>
    public int? TrainLimit { get; } = (int?)TcnParameters.TrainLimit.In(given);

    /// <summary>At most so many images of the holdout, or of the test set without one; null takes all.</summary>
    public int? EvalLimit { get; } = (int?)TcnParameters.EvalLimit.In(given);

    public TcnShape Shape { get; } = new(
        (int)TcnParameters.Levels.In(given), (int)TcnParameters.KernelSize.In(given), (int)TcnParameters.Hidden.In(given),
        (int)TcnParameters.InputChannels.In(given));

    public OptimizerSettings Optimizer { get; } = OptimizerSettings.Of(given);

    public LearningRate LearningRate { get; } = new(
        Enum.Parse<ScheduleKind>(TcnParameters.LrSchedule.In(given).Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
        TcnParameters.LearningRate.In(given),
        (int)TcnParameters.Epochs.In(given), (int)TcnParameters.StepSize.In(given), TcnParameters.Gamma.In(given),
        (int)TcnParameters.WarmupEpochs.In(given));

    /// <summary>Time steps that the last output sees.</summary>
    public long ReceptiveField => TcnParameters.ReceptiveField(Shape.Levels, Shape.KernelSize);

    /// <exception cref="InvalidSettingsException">A value is not accepted or a name is unknown; the message names all of them.</exception>
    public static TcnSettings From(ParameterSet given)
    {
        var problems = string.Join("; ", TcnDescription.Value.Problems(given));
        return problems.Length == 0 ? new TcnSettings(given) : throw new InvalidSettingsException(problems);
    }
}

/// <summary>The configuration, its data or the device does not allow the trial; trying again would not help.</summary>
/// <param name="message">Names the value and what would be accepted, for the user.</param>
internal sealed class InvalidSettingsException(string message) : Exception(message);
