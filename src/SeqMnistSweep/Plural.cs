namespace SeqMnistSweep;

/// <summary>Numbers of things in messages.</summary>
public static class Plural
{
    /// <summary><c>1 trial</c>, <c>2 trials</c>.</summary>
    /// <param name="one">The word for one of them; its plural ends in s.</param>
    public static string Of(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");
}
