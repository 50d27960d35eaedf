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
    public OptimizerKind Kind { get; init; } = OptimizerKind.Adam;

    /// <summary>SGD and RMSprop; 0 keeps no momentum.</summary>
    public double Momentum { get; init; }

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.999;

    public double Eps { get; init; } = 1e-8;

    /// <summary>Running statistics of the gradient, under PyTorch's names; each is shaped as the parameters and begins as zeros.</summary>
    public IReadOnlyList<string> MomentNames => Kind switch
    {
        OptimizerKind.Adam or OptimizerKind.AdamW => ["exp_avg", "exp_avg_sq"],
        OptimizerKind.RmsProp => Momentum > 0 ? ["square_avg", "momentum_buffer"] : ["square_avg"],
        _ => Momentum > 0 ? ["momentum_buffer"] : [],
    };

    /// <summary>L2 penalty in the gradient; AdamW shrinks the weights directly instead.</summary>
    public double WeightDecay { get; init; }
}
