using System.Collections.Immutable;
using static SeqMnistSweep.Trainables.TrainableParameter;

namespace SeqMnistSweep.Trainables;

/// <summary>
/// The hyperparameters of <c>tcn</c>. Defaults are those of the notebook that the model comes from
/// (8 levels, kernel 7, 30 channels, dropout 0.05, Adam at 2e-3, batch 128, 5 epochs, seed 1111), ours where it had none.
/// </summary>
public static class TcnParameters
{
    public static ImmutableArray<TrainableParameter> All { get; } =
    [
        Integer("levels", 8, 1, 16, "Residual blocks; block i convolves with dilation 2^i.") with { MakesModel = true },
        Integer("kernel_size", 7, 2, 99, "Taps of every causal convolution.") with { MakesModel = true },
        Integer("hidden", 30, 1, 1024, "Channels of every block.") with { MakesModel = true },
        Real("dropout", 0.05, 0, 1, "Share of activations zeroed after each convolution while training.", openMax: true),
        Flag("permute", false, "Permuted MNIST: the 784 pixels in one fixed random order, train and test alike.") with { MakesModel = true },
        Integer("permutation_seed", 92916, 0, uint.MaxValue, "Seed S of that order: numpy's RandomState(S).permutation(784).") with { MakesModel = true },
        Real("lr", 0.002, 0, double.PositiveInfinity, "Learning rate.", openMin: true),
        Choice("optimizer", "Adam", ["Adam", "AdamW", "SGD", "RMSprop"], "Update rule, as in PyTorch.") with { MakesModel = true },
        Integer("batch_size", 128, 1, 60000, "Images per step; a last short batch is trained too."),
        Integer("epochs", 5, 1, 100000, "Passes over the training images.") with { MakesModel = true },
        Real("clip", -1, double.NegativeInfinity, double.PositiveInfinity, "Largest norm of the whole gradient; 0 or less turns clipping off.")
            with { Accepts = "a number; 0 or less turns clipping off" },
        Integer("seed", 1111, 0, long.MaxValue, "Seed of initialisation, dropout and shuffling.") with { MakesModel = true },
        Integer("input_channels", 1, 1, 784, "Pixels per time step: the image is read as (channels, 784 / channels). Must divide 784.")
            with { MakesModel = true, Accepts = "a divisor of 784 (1, 2, 4, 7, 8, 14, 16, 28, ...)", IsAccepted = v => v.Kind == SearchSpaces.ParameterKind.Integer && v.AsInteger() is >= 1 and <= 784 && 784 % v.AsInteger() == 0 },
        Real("momentum", 0, 0, 1, "Momentum of SGD and RMSprop.", openMax: true),
        Real("beta1", 0.9, 0, 1, "Decay of Adam's and AdamW's first moment.", openMax: true),
        Real("beta2", 0.999, 0, 1, "Decay of Adam's and AdamW's second moment. RMSprop's alpha is fixed at 0.99.", openMax: true),
        Real("eps", 1e-8, 0, double.PositiveInfinity, "Added to the denominator by Adam, AdamW and RMSprop."),
        Real("weight_decay", null, 0, double.PositiveInfinity, "L2 penalty in the gradient, decoupled in AdamW. As in PyTorch 0 when absent, 0.01 for AdamW."),
        Choice("lr_schedule", "constant", ["constant", "step", "cosine"], "How the learning rate changes over the trial."),
        Integer("step_size", 1, 1, 100000, "Epochs between two drops of the step schedule."),
        Real("gamma", 0.1, 0, 1, "Factor of each drop of the step schedule.", openMin: true),
        Integer("warmup_epochs", 0, 0, 100000, "Epochs of linear warm-up before the cosine schedule falls."),
        Real("input_dropout", 0, 0, 1, "Share of input pixels zeroed while training.", openMax: true),
        Flag("shuffle", false, "Reorder the training images before every epoch; the notebook did not."),
        Choice("precision", "fp32", ["fp32", "tf32", "bf16"], "Arithmetic of the convolutions; tf32 needs CUDA."),
        Choice("dataset", "mnist", ["mnist", "fashion-mnist", "glyphs"], "Images to classify; glyphs are drawn by the program and need no network.") with { MakesModel = true },
        Integer("holdout", 10000, 0, 59999, "Last images of the training file kept for validation and ranking; 0 ranks on the test set, as the notebook did.") with { MakesModel = true },
        Integer("train_limit", null, 1, 60000, "Train on the first N images only; all of them when absent.") with { MakesModel = true },
        Integer("eval_limit", null, 1, 60000, "Evaluate on the first M images of the holdout (of the test set when holdout is 0); all of them when absent.") with { MakesModel = true },
    ];

    /// <summary>Time steps that the last output sees: 1 + 2(k-1)(2^levels - 1) (Bai, Kolter, Koltun 2018, two convolutions a block).</summary>
    public static long ReceptiveField(long levels, long kernelSize) => 1 + (2 * (kernelSize - 1) * ((1L << (int)levels) - 1));

    /// <summary>Length of the sequence that <c>input_channels</c> makes of 784 pixels.</summary>
    public static long SequenceLength(long inputChannels) => 784 / inputChannels;
}
