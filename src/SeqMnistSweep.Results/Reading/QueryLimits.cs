namespace SeqMnistSweep.Results.Reading;

/// <summary>What a query may take beside time; in bytes.</summary>
/// <param name="Value">No value and no row may be larger: a query cannot take the machine's memory with one <c>zeroblob</c>.</param>
/// <param name="Result">Where the result is cut off, as at a limit of rows. A value counts as its text or blob and
/// <see cref="EveryValue"/>.</param>
/// <param name="Memory">Of SQLite in the whole process; null for no limit.</param>
public sealed record QueryLimits(int Value, long Result, long? Memory)
{
    /// <summary>What every value takes at least, a null too.</summary>
    public const int EveryValue = 16;

    /// <summary>For the owner of the file, on a machine of his own.</summary>
    public static QueryLimits OfOwner { get; } = new(64 << 20, long.MaxValue, null);

    /// <summary>For somebody who asks a head, in a process that runs this query alone.</summary>
    public static QueryLimits OfStranger { get; } = new(1 << 20, 32 << 20, 256 << 20);
}
