namespace SeqMnistSweep.Head.Workers;

/// <summary>One living worker per name. A new start of a worker takes the name over once the one before it has left, is lost, or has been
/// silent for <see cref="Silence"/>, so a worker that is started again after a crash waits a moment at most. It is refused when the other
/// one is heard again. After a restart of the head the first one that is heard has the name. Rules only; times are the head's monotonic
/// clock.</summary>
internal sealed class WorkerNameRegistry
{
    /// <summary>Three exchanges missed: a worker exchanges once a second.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    /// <summary>A message that was on its way when the other one died may arrive for this long; what is heard later is a sign of
    /// life.</summary>
    public static readonly TimeSpan Echo = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Newcomer> _waiting = new(StringComparer.Ordinal);

    /// <param name="known">Who has the name; null while nobody has.</param>
    public NameClaim Register(FleetWorker? known, string name, string incarnation, TimeSpan now)
    {
        if (known is null || known.Incarnation == incarnation) return NameClaim.Has;

        if (!known.IsThere || !known.IsHeard || now - known.Heard >= Silence)
        {
            _waiting.Remove(name);
            return NameClaim.Has;
        }

        if (!_waiting.TryGetValue(name, out var newcomer) || newcomer.Incarnation != incarnation)
        {
            _waiting[name] = newcomer = new Newcomer(incarnation, now);
        }

        return known.Heard - newcomer.Since >= Echo ? NameClaim.Refused : NameClaim.Waits;
    }

    private sealed record Newcomer(string Incarnation, TimeSpan Since);
}

internal enum NameClaim
{
    Has,
    Waits,
    Refused,
}
