using System.Collections.Immutable;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>One seed's run, and for a broken promise the shortest run found that breaks one too.</summary>
internal sealed record FaultRun(FaultPlan Plan, BrokenPromiseException? Broken, int Exchanges, int Commits, int HeadStarts, int Reports, int Acknowledged, RunTally Tally, TimeSpan Took)
{
    private const int MostLines = 60;

    public static FaultRun Of(ulong seed, PlantedFault planted = PlantedFault.None) => Of(FaultPlan.Of(seed), planted);

    public static FaultRun Of(FaultPlan plan, PlantedFault planted = PlantedFault.None, List<string>? trace = null)
    {
        using var world = new FaultWorld(plan, planted, trace);
        var broken = world.Run();
        return new FaultRun(
            plan, broken, world.Head.Exchanges, world.Disk.Commits, world.Head.Starts, world.Promises.Reports, world.Promises.Acknowledged, world.Tally, TimeSpan.FromMilliseconds(world.Time.Now));
    }

    /// <summary>What led to a broken promise: first every fault is left out without which one is still broken, then every line that speaks of others.</summary>
    public static ImmutableArray<string> Shortened(FaultPlan plan, PlantedFault planted = PlantedFault.None)
    {
        for (var i = plan.Faults.Length - 1; i >= 0; i--)
        {
            var fewer = plan with { Faults = plan.Faults.RemoveAt(i) };
            if (Of(fewer, planted).Broken is not null)
            {
                plan = fewer;
            }
        }

        var trace = new List<string>();
        if (Of(plan, planted, trace).Broken is not { } broken)
        {
            return [];
        }

        var lines = trace.Where(line => broken.Trial is not { } trial || line.Contains("FAULT") || line.Contains("head:") || line.Contains($"{trial} ", StringComparison.Ordinal)).ToList();
        return
        [
            $"{plan.Faults.Length} of the faults are enough:",
            .. lines.Count > MostLines ? lines[..(MostLines / 2)].Append($"... {lines.Count - MostLines} lines ...").Concat(lines[^(MostLines / 2)..]) : lines,
            $"BROKEN: {broken.Message}",
        ];
    }
}
