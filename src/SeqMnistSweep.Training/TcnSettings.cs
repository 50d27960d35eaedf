using SeqMnistSweep.Datasets;
using SeqMnistSweep.Trainables.Tcn;
using SeqMnistSweep.Training.Optimization;

namespace SeqMnistSweep.Training;

/// <summary>The hyperparameters of one <c>tcn</c> trial with their types; what they mean, accept and default to is said in
/// <see cref="TcnParameters"/>.</summary>
internal sealed class TcnSettings
{
    private TcnSettings(ParameterSet given)
    {
        Shape = new TcnShape(
            (int)TcnParameters.Levels.In(given), (int)TcnParameters.KernelSize.In(given), (int)TcnParameters.Hidden.In(given),
            (int)TcnParameters.InputChannels.In(given));
        Dropout = TcnParameters.Dropout.In(given);
        InputDropout = TcnParameters.InputDropout.In(given);
        BatchSize = (int)TcnParameters.BatchSize.In(given);
        Epochs = (int)TcnParameters.Epochs.In(given);
        Clip = TcnParameters.Clip.In(given);
        Shuffle = TcnParameters.Shuffle.In(given);
        Precision = TcnParameters.Precision.In(given);
        Dataset = TcnParameters.Dataset.In(given);
        PermutationSeed = TcnParameters.Permute.In(given) ? (uint)TcnParameters.PermutationSeed.In(given) : null;
        Holdout = (int)TcnParameters.Holdout.In(given);
        TrainLimit = (int?)TcnParameters.TrainLimit.In(given);
        EvalLimit = (int?)TcnParameters.EvalLimit.In(given);
        var kind = Enum.Parse<OptimizerKind>(TcnParameters.Optimizer.In(given), ignoreCase: true);
        Optimizer = new OptimizerSettings
        {
            Kind = kind,
            Momentum = TcnParameters.Momentum.In(given),
            Beta1 = TcnParameters.Beta1.In(given),
            Beta2 = TcnParameters.Beta2.In(given),
            Eps = TcnParameters.Eps.In(given),
            WeightDecay = TcnParameters.WeightDecay.In(given) ?? (kind == OptimizerKind.AdamW ? 0.01 : 0),
        };
        LearningRate = new LearningRate(
            Enum.Parse<ScheduleKind>(TcnParameters.LrSchedule.In(given), ignoreCase: true), TcnParameters.LearningRate.In(given), Epochs,
            (int)TcnParameters.StepSize.In(given), TcnParameters.Gamma.In(given), (int)TcnParameters.WarmupEpochs.In(given));
    }

    /// <summary>Images per step, 1 or more; the last batch of an epoch may be shorter.</summary>
    public int BatchSize { get; }

    /// <summary>Passes over the training images, 1 or more.</summary>
    public int Epochs { get; }

    /// <summary>Share of activations zeroed after each convolution while training, 0 to below 1.</summary>
    public double Dropout { get; }

    /// <summary>Share of pixels zeroed while training, 0 to below 1.</summary>
    public double InputDropout { get; }

    /// <summary>Largest Euclidean norm of the whole gradient; 0 or less is off.</summary>
    public double Clip { get; }

    /// <summary>Whether every epoch has an order of its own; else the dataset's order holds.</summary>
    public bool Shuffle { get; }

    /// <summary><c>fp32</c>, <c>tf32</c> or <c>bf16</c>.</summary>
    public string Precision { get; }

    /// <summary>A name of <see cref="DatasetCatalog"/>.</summary>
    public string Dataset { get; }

    /// <summary>Seed of <see cref="PixelPermutation"/>; null when the pixels keep their order.</summary>
    public uint? PermutationSeed { get; }

    /// <summary>Images cut off the end of the training set for validation; 0 evaluates on the test set.</summary>
    public int Holdout { get; }

    /// <summary>At most so many training images, from the first, after the holdout is cut; null takes all.</summary>
    public int? TrainLimit { get; }

    /// <summary>At most so many images of the holdout, or of the test set without one; null takes all.</summary>
    public int? EvalLimit { get; }

    public TcnShape Shape { get; }

    public OptimizerSettings Optimizer { get; }

    public LearningRate LearningRate { get; }

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
