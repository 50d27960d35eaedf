using System.Collections.Immutable;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>All that a seed decides beforehand: the sweeps, the workers and what goes wrong when.</summary>
/// <param name="Slots">Of every worker.</param>
/// <param name="UsesSql">Whether the shipped SQL stores, not the model of it.</param>
internal sealed record FaultPlan(ulong Seed, ImmutableArray<Submission> Sweeps, ImmutableArray<int> Slots, ImmutableArray<Fault> Faults, bool UsesSql)
{
    /// <summary>Milliseconds after which nothing goes wrong any more.</summary>
    public const long Disturbed = 40_000;

    /// <summary>One run in so many is stored by the shipped SQL.</summary>
    public const int SqlEvery = 8;

    public static FaultPlan Of(ulong seed)
    {
        var random = new Chance(RandomSeed.Derive((long)seed, "fault plan"));
        var slots = Enumerable.Range(0, random.Between(2, 3)).Select(_ => random.Between(1, 2)).ToImmutableArray();
        var sweeps = Submissions(random);
        var faults = Enumerable.Range(0, random.Between(3, 14)).Select(_ => FaultOf(random, slots.Length)).OrderBy(fault => fault.At).ToImmutableArray();
        return new FaultPlan(seed, sweeps, slots, faults, seed % SqlEvery == 0);
    }

    /// <summary>Of two sweeps the second is often one of higher priority, and often late: it finds the slots taken.</summary>
    private static ImmutableArray<Submission> Submissions(Chance random)
    {
        var first = new Submission(random.Between(0, SimulatedSweep.Kinds.Length - 1), 0);
        return random.Percent(50) ? [first]
            : [first, new Submission(random.Percent(60) ? SimulatedSweep.Urgent : random.Between(0, SimulatedSweep.Kinds.Length - 1), random.Percent(40) ? 0 : random.Between(1000, (int)Disturbed / 4))];
    }

    private static Fault FaultOf(Chance random, int workers)
    {
        var kind = (FaultKind)random.Between(0, (int)FaultKind.CancelTrial);

        // A trial that nobody runs must not be helped out of the way too often.
        if (kind == FaultKind.CancelTrial && random.Percent(70))
        {
            kind = FaultKind.WorkerCrash;
        }

        var length = kind switch
        {
            FaultKind.ClockJump => random.Percent(50) ? random.Between(-3_600_000, 3_600_000) : random.Between(-20_000, 20_000),
            FaultKind.LinkDrops or FaultKind.LinkDuplicates or FaultKind.LinkDelays => random.Between(3_000, 20_000),
            FaultKind.DiskFull or FaultKind.DiskSlow or FaultKind.DiskFailsAfterWriting => random.Between(500, 8_000),
            _ => random.Percent(60) ? random.Between(100, 5_000) : random.Between(5_000, 25_000),
        };
        return new Fault(random.Between(0, (int)Disturbed), kind, random.Between(0, workers - 1), length);
    }
}

/// <param name="Kind">Index into <see cref="SimulatedSweep.Kinds"/>.</param>
/// <param name="At">Milliseconds from the start.</param>
internal sealed record Submission(int Kind, long At);
