namespace SeqMnistSweep.SearchSpaces;

/// <summary>How sure somebody is of a <see cref="ParameterBelief"/>.</summary>
public enum BeliefConfidence
{
    /// <summary>A half of the range around is likely.</summary>
    Low,

    /// <summary>A quarter.</summary>
    Medium,

    /// <summary>An eighth.</summary>
    High,
}

/// <summary>Where somebody expects a parameter's good values, the <c>prior</c> of a parameter in the file.</summary>
/// <param name="Centre">Within the parameter's range, or one of its values.</param>
public sealed record ParameterBelief(ParameterValue Centre, BeliefConfidence Confidence);
