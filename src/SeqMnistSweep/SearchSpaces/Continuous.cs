namespace SeqMnistSweep.SearchSpaces;

/// <summary>Uniform between two ends.</summary>
/// <param name="Min">The lower end, included.</param>
/// <param name="Max">The upper end; rounding may reach it.</param>
internal sealed record Uniform(double Min, double Max) : Distribution("uniform")
{
    public override IEnumerable<ParameterValue?> Ends => Between(Min, Max);

    public override ParameterValue At(double unit) => ParameterValue.Of(Math.Min(Max, Min + (unit * (Max - Min))));
}

/// <summary>e to a uniform exponent.</summary>
/// <param name="MinExponent">Of base e.</param>
internal sealed record LogUniform(double MinExponent, double MaxExponent) : Distribution("log_uniform")
{
    public override IEnumerable<ParameterValue?> Ends => Between(ExactMath.Exp(MinExponent), ExactMath.Exp(MaxExponent));

    public override ParameterValue At(double unit) => ParameterValue.Of(ExactMath.Exp(MinExponent + (unit * (MaxExponent - MinExponent))));
}

/// <summary>e to the negative of a uniform exponent: from e^-max to e^-min.</summary>
internal sealed record InverseLogUniform(double MinExponent, double MaxExponent) : Distribution("inv_log_uniform")
{
    public override IEnumerable<ParameterValue?> Ends => Between(ExactMath.Exp(-MaxExponent), ExactMath.Exp(-MinExponent));

    public override ParameterValue At(double unit) =>
        ParameterValue.Of(ExactMath.Exp(-(MinExponent + ((1 - unit) * (MaxExponent - MinExponent)))));
}

/// <summary>Uniform in the logarithm, between values. W&amp;B's <c>inv_log_uniform_values</c> is algebraically the same.</summary>
/// <param name="Min">Above 0.</param>
internal sealed record LogUniformValues(double Min, double Max) : Distribution("log_uniform_values")
{
    public override IEnumerable<ParameterValue?> Ends => Between(Min, Max);

    /// <remarks>Rounding in exp and log must not lead outside of the ends that the program was asked about.</remarks>
    public override ParameterValue At(double unit) =>
        ParameterValue.Of(Math.Clamp(ExactMath.Exp(ExactMath.Log(Min) + (unit * (ExactMath.Log(Max) - ExactMath.Log(Min)))), Min, Max));
}

/// <summary>Not truncated.</summary>
internal sealed record Normal(double Mu, double Sigma) : Distribution("normal")
{
    public override IEnumerable<ParameterValue?> Ends => Sigma == 0 ? [ParameterValue.Of(Mu)] : [null];

    public override ParameterValue At(double unit) => ParameterValue.Of(Mu + (Sigma * Quantiles.Normal(unit)));
}

/// <summary>e to a normal exponent; not truncated.</summary>
internal sealed record LogNormal(double Mu, double Sigma) : Distribution("log_normal")
{
    /// <summary>What lies eight deviations out: beyond it 64-bit units do not reach.</summary>
    public override IEnumerable<ParameterValue?> Ends => Between(ExactMath.Exp(Mu - (8 * Sigma)), ExactMath.Exp(Mu + (8 * Sigma)));

    public override ParameterValue At(double unit) => ParameterValue.Of(ExactMath.Exp(Mu + (Sigma * Quantiles.Normal(unit))));
}

/// <summary>On (0, 1).</summary>
internal sealed record Beta(double A, double B) : Distribution("beta")
{
    public override IEnumerable<ParameterValue?> Ends => Between(0, 1);

    public override ParameterValue At(double unit) => ParameterValue.Of(Quantiles.Beta(unit, A, B));
}
