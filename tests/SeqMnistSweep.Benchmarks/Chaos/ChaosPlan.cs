using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks.Chaos;

/// <summary>What is done to a fleet.</summary>
internal enum ChaosKind
{
    /// <summary>SIGKILL, and the worker is started again.</summary>
    KillWorker,

    /// <summary>SIGKILL to the process that trains.</summary>
    KillRunner,

    /// <summary>SIGTERM: the worker gives its trial back and ends; it is started again.</summary>
    DrainWorker,

    /// <summary>SIGSTOP for a while.</summary>
    FreezeWorker,

    /// <summary>Its plug is pulled for a while.</summary>
    CutLink,

    /// <summary>SIGKILL; the head is started again after a while.</summary>
    KillHead,

    /// <summary>SIGTERM, and the head is started again.</summary>
    RestartHead,

    /// <summary>SIGSTOP for a while.</summary>
    FreezeHead,
}

/// <param name="Worker">Whom it hits, where it is not the head.</param>
/// <param name="Wait">From the end of the fault before.</param>
/// <param name="Length">How long it lasts; zero where that is nothing to choose.</param>
internal sealed record ChaosFault(ChaosKind Kind, string Worker, TimeSpan Wait, TimeSpan Length)
{
    /// <summary>Whether it may take a trial away from its worker by force: often enough in a row, and the trial is poison by design.</summary>
    public bool LosesTrials => Kind is ChaosKind.KillWorker or ChaosKind.FreezeWorker or ChaosKind.CutLink;

    public bool HitsHead => Kind is ChaosKind.KillHead or ChaosKind.RestartHead or ChaosKind.FreezeHead;

    public override string ToString() => $"{NameOf(Kind)}{(HitsHead ? "" : $" {Worker}")}{(Length > TimeSpan.Zero ? $", {Length.TotalSeconds:0.0} s" : "")}";

    public static string NameOf(ChaosKind kind) => kind switch
    {
        ChaosKind.KillWorker => "kill worker",
        ChaosKind.KillRunner => "kill runner",
        ChaosKind.DrainWorker => "drain worker",
        ChaosKind.FreezeWorker => "freeze worker",
        ChaosKind.CutLink => "cut link of worker",
        ChaosKind.KillHead => "kill head",
        ChaosKind.RestartHead => "restart head",
        _ => "freeze head",
    };
}

/// <summary>Faults without end: kinds, victims and times are the seed's. In every round each kind comes as often as it is likely, in an order that nobody thought of.</summary>
/// <param name="cutsLinks">Whether links can be cut here.</param>
internal sealed class ChaosPlan(long seed, IReadOnlyList<string> workers, bool cutsLinks)
{
    private static readonly (ChaosKind Kind, int Times)[] Round =
    [
        (ChaosKind.KillWorker, 4), (ChaosKind.KillRunner, 4), (ChaosKind.DrainWorker, 2), (ChaosKind.FreezeWorker, 2),
        (ChaosKind.CutLink, 2), (ChaosKind.KillHead, 2), (ChaosKind.RestartHead, 1), (ChaosKind.FreezeHead, 1),
    ];

    private readonly List<ChaosKind> _left = [];
    private SplitMix64 _random = new((ulong)seed);

    public ChaosFault Next()
    {
        if (_left.Count == 0)
        {
            _left.AddRange(Round.Where(entry => cutsLinks || entry.Kind != ChaosKind.CutLink).SelectMany(entry => Enumerable.Repeat(entry.Kind, entry.Times)));
        }

        var drawn = Between(0, _left.Count - 1);
        var kind = _left[drawn];
        _left.RemoveAt(drawn);
        var worker = workers[Between(0, workers.Count - 1)];
        var wait = TimeSpan.FromMilliseconds(Between(0, 3000));
        return new ChaosFault(kind, worker, wait, TimeSpan.FromMilliseconds(kind switch
        {
            ChaosKind.FreezeWorker or ChaosKind.FreezeHead or ChaosKind.CutLink => Between(5000, 20_000),
            ChaosKind.KillHead => Between(0, 3000),
            _ => 0,
        }));
    }

    /// <summary>Uniform, both ends included.</summary>
    private int Between(int from, int to) => from + (int)(_random.Next() % (ulong)(to - from + 1));
}
