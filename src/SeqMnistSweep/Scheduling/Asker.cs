using System.Globalization;

namespace SeqMnistSweep.Scheduling;

/// <summary>
/// Somebody who asks for one trial and is no worker: a script, a notebook, a person. Holds a lease like any worker, of a length that
/// they choose; the key makes a repeated question find the same trial. Both are in the holder's incarnation, and so in the database.
/// </summary>
/// <param name="Client">For people: <c>ada@lab</c>.</param>
/// <param name="Key">Unique for the question.</param>
/// <param name="Life">How long the lease lives after they were last heard.</param>
public sealed record Asker(string Client, string Key, TimeSpan Life)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private const string Mark = "ask:";

    /// <remarks>Nobody is taken for a worker: an incarnation of one is a silo's address.</remarks>
    public LeaseHolder ToHolder() => new(Mark + Client, string.Create(CultureInfo.InvariantCulture, $"{Mark}{Life.TotalMilliseconds:0}:{Key}"), "elsewhere");

    /// <summary>The lease's life, from a holder's incarnation; null for a worker's.</summary>
    public static TimeSpan? LifeOf(string incarnation)
    {
        if (!incarnation.StartsWith(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        var end = incarnation.IndexOf(':', Mark.Length);
        return end > 0 && long.TryParse(incarnation.AsSpan(Mark.Length, end - Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
    }
}
