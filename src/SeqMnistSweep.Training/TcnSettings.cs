using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Networks;
using SeqMnistSweep.Training.Optimization;

namespace SeqMnistSweep.Training;

/// <summary>The hyperparameters of one <c>tcn</c> trial with their types; what they mean, accept and default to is said in <see cref="TcnParameters"/>.</summary>
public sealed class TcnSettings
{
    private TcnSettings(ParameterSet given)
    {
        ParameterValue? Get(string name) => given[name] is { Kind: not ParameterKind.Null } value ? value : Row(name).Default;
        int Integer(string name) => (int)Get(name)!.AsInteger();
        int? Limit(string name) => Get(name) is { Kind: ParameterKind.Integer } value ? (int)value.AsInteger() : null;
        double Real(string name) => Get(name)!.AsReal();

        Shape = new TcnShape(Integer("levels"), Integer("kernel_size"), Integer("hidden"), Integer("input_channels"));
        Dropout = Real("dropout");
        InputDropout = Real("input_dropout");
        BatchSize = Integer("batch_size");
        Epochs = Integer("epochs");
        Clip = Real("clip");
        Shuffle = Get("shuffle")!.AsBoolean();
        Precision = Get("precision")!.AsText();
        Dataset = Get("dataset")!.AsText();
        PermutationSeed = Get("permute")!.AsBoolean() ? (uint)Get("permutation_seed")!.AsInteger() : null;
        Holdout = Integer("holdout");
        TrainLimit = Limit("train_limit");
        EvalLimit = Limit("eval_limit");
        Optimizer = new OptimizerSettings
        {
            Kind = Enum.Parse<OptimizerKind>(Get("optimizer")!.AsText(), ignoreCase: true),
            Momentum = Real("momentum"),
            Beta1 = Real("beta1"),
            Beta2 = Real("beta2"),
            Eps = Real("eps"),
            WeightDecay = Get("weight_decay")?.AsReal() ?? (Get("optimizer")!.AsText() == "AdamW" ? 0.01 : 0),
        };
        LearningRate = new LearningRate(
            Enum.Parse<ScheduleKind>(Get("lr_schedule")!.AsText(), ignoreCase: true), Real("lr"), Epochs, Integer("step_size"), Real("gamma"), Integer("warmup_epochs"));
    }

    public int BatchSize { get; }

    public int Epochs { get; }

    public double Dropout { get; }

    public double InputDropout { get; }

    /// <summary>Largest gradient norm; 0 or less is off.</summary>
    public double Clip { get; }

    public bool Shuffle { get; }

    /// <summary><c>fp32</c>, <c>tf32</c> or <c>bf16</c>.</summary>
    public string Precision { get; }

    public string Dataset { get; }

    /// <summary>Null when the pixels keep their order.</summary>
    public uint? PermutationSeed { get; }

    public int Holdout { get; }

    public int? TrainLimit { get; }

    public int? EvalLimit { get; }

    internal TcnShape Shape { get; }

    internal OptimizerSettings Optimizer { get; }

    internal LearningRate LearningRate { get; }

    /// <summary>Time steps that the last output sees.</summary>
    public long ReceptiveField => TcnParameters.ReceptiveField(Shape.Levels, Shape.KernelSize);

    /// <exception cref="InvalidSettingsException">A value is not accepted or a name is unknown; the message names all of them.</exception>
    public static TcnSettings From(ParameterSet given)
    {
        var wrong = given.Where(item => item.Value.Kind != ParameterKind.Null)
            .Select(item => TcnParameters.All.FirstOrDefault(row => row.Name == item.Key) switch
            {
                null => $"tcn has no parameter {item.Key}",
                var row when !row.IsAccepted(item.Value) => $"{item.Key} is {item.Value}; {row.Accepts} is accepted",
                _ => null,
            })
            .OfType<string>()
            .ToList();
        return wrong.Count == 0 ? new TcnSettings(given) : throw new InvalidSettingsException(string.Join("; ", wrong));
    }

    private static TrainableParameter Row(string name) => TcnParameters.All.First(row => row.Name == name);
}

/// <summary>The configuration, its data or the device does not allow the trial; trying again would not help.</summary>
public sealed class InvalidSettingsException : Exception
{
    public InvalidSettingsException()
    {
    }

    public InvalidSettingsException(string message)
        : base(message)
    {
    }

    public InvalidSettingsException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
