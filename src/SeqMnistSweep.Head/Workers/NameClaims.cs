namespace SeqMnistSweep.Head.Workers;

/// <summary>
/// One living worker per name. A new start of a worker takes the name over once the one before it has left, is lost, or has been
/// silent for <see cref="Silence"/>: so a worker that is started again after a crash waits a moment at most. It is refused when the
/// other one goes on speaking. After a restart of the head the first to speak has the name. Rules only; times are the head's monotonic clock.
/// </summary>
internal sealed class NameClaims
{
    /// <summary>Three missed beats: a worker speaks once a second.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>What was on its way when the other one died may come in after the newcomer's first word; after this it is a sign of life.</summary>
    public static readonly TimeSpan Echo = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Knock> _knocks = new(StringComparer.Ordinal);

    /// <param name="known">Who has the name; null while nobody has.</param>
    public NameClaim Decide(FleetWorker? known, string name, string incarnation, TimeSpan now)
    {
        if (known is null || known.Incarnation == incarnation)
        {
            return NameClaim.Has;
        }

        if (!known.IsThere || !known.IsHeard || now - known.Heard >= Silence)
        {
            _knocks.Remove(name);
            return NameClaim.Has;
        }

        if (!_knocks.TryGetValue(name, out var knock) || knock.Incarnation != incarnation)
        {
            _knocks[name] = knock = new Knock(incarnation, now);
        }

        return known.Heard - knock.Since >= Echo ? NameClaim.Refused : NameClaim.Waits;
    }

    private sealed record Knock(string Incarnation, TimeSpan Since);
}

internal enum NameClaim
{
    Has,
    Waits,
    Refused,
}
