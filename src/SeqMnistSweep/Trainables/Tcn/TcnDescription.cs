namespace SeqMnistSweep.Trainables.Tcn;

/// <summary>The descriptor of <c>tcn</c>: all that file checks, schedule, plan and runner know of it they read here.</summary>
public static class TcnDescription
{
    private const string ReceptiveField = "1 + 2 * (kernel_size - 1) * (2 ** levels - 1)";
    private const string SequenceLength = "784 // input_channels";

    /// <summary>The only description of the program.</summary>
    public static TrainableDescription Value { get; } = new(
        "tcn",
        "The temporal convolutional network on sequential images.",
        TcnParameters.All,
        TakesOthers: false,
        ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy", "epoch_seconds", "samples_per_second"],
        "val_accuracy",
        Maximize: true)
    {
        NeedsLibtorch = true,
        Dataset = TcnParameters.Dataset,
        Precision = TcnParameters.Precision,
        GpuPrecisions = ["tf32"],
        TellsParameters = true,
        Holdout = new HoldoutMetrics(TcnParameters.Holdout, "val_", "test_"),
        Cost = new TrainableCost(TcnCost.ForwardFlop, TcnCost.TrainedImages, TcnCost.TrialFlop),
        Rule = new BuiltInRule(
            "receptive_field",
            [
                new DerivedValue("receptive_field", Expression.Parse(ReceptiveField)),
                new DerivedValue("sequence_length", Expression.Parse(SequenceLength)),
            ],
            new Constraint(Expression.Parse($"{ReceptiveField} >= {SequenceLength}"),
                "receptive field {receptive_field} does not cover the sequence of {sequence_length}"),
            [TcnParameters.Levels.Name, TcnParameters.KernelSize.Name],
            "not see the whole sequence"),
    };
}
