namespace SeqMnistSweep.SearchSpaces;

/// <summary>One parameter of a search space.</summary>
/// <param name="Path">The name, or for a nested parameter the names of its maps and then its own.</param>
/// <param name="When">When the parameter exists; null for always.</param>
public sealed record Dimension(ImmutableArray<string> Path, Distribution Distribution, ActiveWhen? When = null)
{
    /// <summary>The path with dots: <c>optimizer.beta1</c>.</summary>
    public string Name { get; } = string.Join('.', Path);
}

/// <summary>A parameter is active when every named parameter is active and has one of the values given for it.</summary>
public sealed record ActiveWhen(ImmutableArray<ActiveWhen.Term> Terms)
{
    /// <summary>One parameter with the values of which it must have one.</summary>
    public sealed record Term(string Name, ImmutableArray<ParameterValue> AnyOf);
}
