namespace SeqMnistSweep.SearchSpaces;

/// <summary>An expression that cannot be read or computed, with the stretch of its text that is to blame.</summary>
/// <param name="offset">Units from the start of the expression's text.</param>
public sealed class ExpressionException(string message, int offset, int length, string? unknownName = null) : Exception(message)
{
    /// <summary>Where the wrong part begins, in characters from the start of the text.</summary>
    public int Offset { get; } = offset;

    /// <summary>Characters of the wrong part.</summary>
    public int Length { get; } = length;

    /// <summary>Set when a name has no value.</summary>
    public string? UnknownName { get; } = unknownName;
}
