using SeqMnistSweep.Trainables.Tcn;

namespace SeqMnistSweep.Training.Optimization;

internal enum OptimizerKind
{
    Adam,
    AdamW,
    Sgd,
    RmsProp,
}

/// <summary>Hyperparameters with PyTorch's meaning; each rule reads its own.</summary>
internal sealed record OptimizerSettings
{
    /// <summary>The name under which the average is stored.</summary>
    public const string Average = "ema";

    public OptimizerKind Kind { get; init; } = OptimizerKind.Adam;

    /// <summary>Decay of the buffer of SGD and RMSprop, 0 to below 1; 0 keeps no buffer.</summary>
    public double Momentum { get; init; }

    /// <summary>Decay of the mean of the gradient in Adam and AdamW, per step, 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of the squared gradient in Adam and AdamW, per step, 0 to below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the squared gradient's mean in Adam, AdamW and RMSprop; above 0.</summary>
    public double Eps { get; init; } = 1e-8;

    /// <summary>Factor of the weights that is added to the gradient, 0 or more; AdamW shrinks the weights directly instead.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Decay per step of the moving average of the parameters, 0 to below 1; 0 keeps none.</summary>
    public double Ema { get; init; }

    /// <summary>Running statistics of the gradient, under PyTorch's names; each is shaped as the parameters and begins as zeros.</summary>
    public IReadOnlyList<string> MomentNames => Kind switch
    {
        OptimizerKind.Adam or OptimizerKind.AdamW => ["exp_avg", "exp_avg_sq"],
        OptimizerKind.RmsProp => Momentum > 0 ? ["square_avg", "momentum_buffer"] : ["square_avg"],
        _ => Momentum > 0 ? ["momentum_buffer"] : [],
    };

    /// <summary>All that goes from step to step: the moments, and the average that begins as the parameters after the first step.</summary>
    public IReadOnlyList<string> StateNames => Ema > 0 ? [.. MomentNames, Average] : MomentNames;

    public static OptimizerSettings Of(ParameterSet given)
    {
        var kind = Enum.Parse<OptimizerKind>(TcnParameters.Optimizer.In(given), ignoreCase: true);
        return new OptimizerSettings
        {
            Kind = kind,
            Momentum = TcnParameters.Momentum.In(given),
            Beta1 = TcnParameters.Beta1.In(given),
            Beta2 = TcnParameters.Beta2.In(given),
            Eps = TcnParameters.Eps.In(given),
            Ema = TcnParameters.Ema.In(given),
            WeightDecay = TcnParameters.WeightDecay.In(given) ?? (kind == OptimizerKind.AdamW ? 0.01 : 0),
        };
    }
}
