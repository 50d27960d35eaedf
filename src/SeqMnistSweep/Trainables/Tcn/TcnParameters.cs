using static SeqMnistSweep.SearchSpaces.TrainableParameter;

namespace SeqMnistSweep.Trainables.Tcn;

/// <summary>The hyperparameters of <c>tcn</c>. Defaults are those of the notebook that the model comes from (8 levels, kernel 7, 30
/// channels, dropout 0.05, Adam at 2e-3, batch 128, 5 epochs, seed 1111), ours where it had none. A row is all that search, file checks,
/// schema, <c>explain</c> and documentation need; the network reads a value through its row.</summary>
public static class TcnParameters
{
    /// <summary>Pixels of an image.</summary>
    internal const int Pixels = 784;

    private static readonly ImmutableArray<TrainableParameter>.Builder Rows = ImmutableArray.CreateBuilder<TrainableParameter>();

    /// <summary>Number of residual blocks.</summary>
    public static TrainableParameter<long> Levels { get; } = Row(Integer(
        "levels", 8, 1, 16, "Residual blocks; block i convolves with dilation 2^i.") with { MakesModel = true });

    /// <summary>Width of the convolutions, in time steps before dilation.</summary>
    public static TrainableParameter<long> KernelSize { get; } = Row(Integer(
        "kernel_size", 7, 2, 99, "Taps of every causal convolution.") with { MakesModel = true });

    /// <summary>Channels between blocks.</summary>
    public static TrainableParameter<long> Hidden { get; } = Row(Integer(
        "hidden", 30, 1, 1024, "Channels of every block.") with { MakesModel = true });

    /// <summary>Probability, 0 to below 1.</summary>
    public static TrainableParameter<double> Dropout { get; } = Row(Real(
        "dropout", 0.05, 0, 1, "Share of activations zeroed after each convolution while training.", openMax: true));

    /// <summary>Permuted instead of plain sequential MNIST.</summary>
    public static TrainableParameter<bool> Permute { get; } = Row(Flag(
        "permute", false, "Permuted MNIST: the 784 pixels in one fixed random order, train and test alike.") with { MakesModel = true });

    /// <summary>A 32-bit seed as numpy takes it.</summary>
    public static TrainableParameter<long> PermutationSeed { get; } = Row(Integer(
        "permutation_seed", 92916, 0, uint.MaxValue, "Seed S of that order: numpy's RandomState(S).permutation(784).")
            with { MakesModel = true });

    /// <summary>Step size at the start of the schedule.</summary>
    public static TrainableParameter<double> LearningRate { get; } = Row(Real(
        "lr", 0.002, 0, double.PositiveInfinity, "Learning rate.", openMin: true));

    /// <summary>The update rule's name in PyTorch.</summary>
    public static TrainableParameter<string> Optimizer { get; } = Row(Choice(
        "optimizer", "Adam", ["Adam", "AdamW", "SGD", "RMSprop"], "Update rule, as in PyTorch.") with { MakesModel = true });

    /// <summary>Images, not time steps.</summary>
    public static TrainableParameter<long> BatchSize { get; } = Row(Integer(
        "batch_size", 128, 1, 60000, "Images per step; a last short batch is trained too."));

    /// <summary>Counted over the images that are left after holdout and limit.</summary>
    public static TrainableParameter<long> Epochs { get; } = Row(Integer(
        TrainableDescription.Epochs, 5, 1, 100000, "Passes over the training images.") with { MakesModel = true });

    /// <summary>A 2-norm over all parameters together.</summary>
    public static TrainableParameter<double> Clip { get; } = Row(Real(
        "clip", -1, double.NegativeInfinity, double.PositiveInfinity,
        "Largest norm of the whole gradient; 0 or less turns clipping off.") with { Accepts = "a number; 0 or less turns clipping off" });

    /// <summary>64 bits; every use of chance derives its own from it.</summary>
    public static TrainableParameter<long> Seed { get; } = Row(Integer(
        TrainableDescription.Seed, TrainableDescription.DefaultSeed, 0, long.MaxValue,
        "Seed of initialisation, dropout and shuffling.") with { MakesModel = true });

    /// <summary>Channels of the input; the sequence has 784 over this many steps.</summary>
    public static TrainableParameter<long> InputChannels { get; } = Row(Integer(
        "input_channels", 1, 1, Pixels, "Pixels per time step: the image is read as (channels, 784 / channels). Must divide 784.") with
    {
        MakesModel = true,
        Accepts = "a divisor of 784 (1, 2, 4, 7, 8, 14, 16, 28, ...)",
        IsAccepted = value => value.Kind == ParameterKind.Integer && value.AsInteger() is >= 1 and <= Pixels
            && Pixels % value.AsInteger() == 0,
    });

    /// <summary>A factor, 0 to below 1.</summary>
    public static TrainableParameter<double> Momentum { get; } = Row(Real(
        "momentum", 0, 0, 1, "Momentum of SGD and RMSprop.", openMax: true));

    /// <summary>A factor, 0 to below 1.</summary>
    public static TrainableParameter<double> Beta1 { get; } = Row(Real(
        "beta1", 0.9, 0, 1, "Decay of Adam's and AdamW's first moment.", openMax: true));

    /// <summary>A factor, 0 to below 1.</summary>
    public static TrainableParameter<double> Beta2 { get; } = Row(Real(
        "beta2", 0.999, 0, 1, "Decay of Adam's and AdamW's second moment. RMSprop's alpha is fixed at 0.99.", openMax: true));

    /// <summary>In the units of a gradient.</summary>
    public static TrainableParameter<double> Eps { get; } = Row(Real(
        "eps", 1e-8, 0, double.PositiveInfinity, "Added to the denominator by Adam, AdamW and RMSprop."));

    /// <summary>Per step, as PyTorch counts it.</summary>
    public static TrainableParameter<double?> WeightDecay { get; } = Row(OptionalReal(
        "weight_decay", 0, double.PositiveInfinity,
        "L2 penalty in the gradient, decoupled in AdamW. As in PyTorch 0 when absent, 0.01 for AdamW."));

    /// <summary>The shape of the learning rate over epochs.</summary>
    public static TrainableParameter<string> LrSchedule { get; } = Row(Choice(
        "lr_schedule", "constant", ["constant", "step", "cosine", "one_cycle"],
        "How the learning rate changes over the trial; one_cycle changes at every step and has lr as its highest."));

    /// <summary>In epochs.</summary>
    public static TrainableParameter<long> StepSize { get; } = Row(Integer(
        "step_size", 1, 1, 100000, "Epochs between two drops of the step schedule."));

    /// <summary>A factor, above 0 to 1.</summary>
    public static TrainableParameter<double> Gamma { get; } = Row(Real(
        "gamma", 0.1, 0, 1, "Factor of each drop of the step schedule.", openMin: true));

    /// <summary>In epochs.</summary>
    public static TrainableParameter<long> WarmupEpochs { get; } = Row(Integer(
        "warmup_epochs", 0, 0, 100000, "Epochs of linear warm-up before the cosine schedule falls."));

    /// <summary>Probability, 0 to below 1.</summary>
    public static TrainableParameter<double> InputDropout { get; } = Row(Real(
        "input_dropout", 0, 0, 1, "Share of input pixels zeroed while training.", openMax: true));

    /// <summary>A share, 0 to below 1.</summary>
    public static TrainableParameter<double> LabelSmoothing { get; } = Row(Real(
        "label_smoothing", 0, 0, 1, "Share of the target that all ten classes have alike; in the training loss alone.", openMax: true));

    /// <summary>A factor per step, 0 to below 1.</summary>
    public static TrainableParameter<double> Ema { get; } = Row(Real(
        "ema", 0, 0, 1, "Decay per step of a moving average of the weights, which is evaluated and kept in their place; 0 is none.",
        openMax: true) with { MakesModel = true });

    /// <summary>Off keeps the file's order in every epoch.</summary>
    public static TrainableParameter<bool> Shuffle { get; } = Row(Flag(
        "shuffle", false, "Reorder the training images before every epoch; the notebook did not."));

    /// <summary>Of products; sums and weights stay fp32.</summary>
    public static TrainableParameter<string> Precision { get; } = Row(Choice(
        "precision", "fp32", ["fp32", "tf32", "bf16"], "Arithmetic of the convolutions; tf32 needs CUDA."));

    /// <summary>A name of the catalogue of datasets.</summary>
    public static TrainableParameter<string> Dataset { get; } = Row(Choice(
        "dataset", "mnist", ["mnist", "fashion-mnist", "glyphs"],
        "Images to classify; glyphs are drawn by the program and need no network.") with { MakesModel = true });

    /// <summary>In images.</summary>
    public static TrainableParameter<long> Holdout { get; } = Row(Integer(
        "holdout", 10000, 0, 59999,
        "Last images of the training file kept for validation and ranking; 0 ranks on the test set, as the notebook did.")
            with { MakesModel = true });

    /// <summary>In images, counted after the holdout is cut.</summary>
    public static TrainableParameter<long?> TrainLimit { get; } = Row(OptionalInteger(
        "train_limit", 1, 60000, "Train on the first N images only; all of them when absent.") with { MakesModel = true });

    /// <summary>In images.</summary>
    public static TrainableParameter<long?> EvalLimit { get; } = Row(OptionalInteger(
        "eval_limit", 1, 60000,
        "Evaluate on the first M images of the holdout (of the test set when holdout is 0); all of them when absent.")
            with { MakesModel = true });

    /// <summary>All of them, in the order in which they are documented.</summary>
    public static ImmutableArray<TrainableParameter> All { get; } = Rows.ToImmutable();

    /// <summary>Time steps that the last output sees: 1 + 2(k-1)(2^levels - 1) (Bai et al. 2018, two convolutions a block).</summary>
    /// <param name="levels">Residual blocks, 1 to 16.</param>
    /// <param name="kernelSize">Taps of every convolution, 2 or more.</param>
    public static long ReceptiveField(long levels, long kernelSize) => 1 + (2 * (kernelSize - 1) * ((1L << (int)levels) - 1));

    private static TrainableParameter<T> Row<T>(TrainableParameter<T> row)
    {
        Rows.Add(row);
        return row;
    }
}
