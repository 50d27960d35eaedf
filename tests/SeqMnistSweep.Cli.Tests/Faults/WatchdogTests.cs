using System.Collections.Concurrent;
using SeqMnistSweep.FaultSimulation.Watchdog;

namespace SeqMnistSweep.Cli.Tests.Faults;

/// <summary>Random small sweeps with programs that misbehave: none stands still, starts a trial for ever, or makes more trials than it plans.</summary>
[Collection("alone")]
public sealed class WatchdogTests
{
    private const int Sweeps = 300;

    [Fact]
    public void Three_hundred_sweeps_with_programs_that_misbehave_all_come_to_an_end()
    {
        var faults = new ConcurrentBag<string>();
        Parallel.For(0, Sweeps, seed =>
        {
            if (WatchdogWorld.FaultOf((ulong)seed) is { } fault)
            {
                faults.Add(fault);
            }
        });

        Assert.True(faults.IsEmpty, $"{faults.Count} faults\n{string.Join("\n\n", faults.Take(3))}");
    }

    [Theory]
    [InlineData(PlantedStandstill.VerdictsLost)]
    [InlineData(PlantedStandstill.KillsToldAsReleases)]
    [InlineData(PlantedStandstill.PlanTooSmall)]
    internal void A_planted_fault_is_found(PlantedStandstill planted) =>
        Assert.Contains(Enumerable.Range(0, Sweeps), seed => WatchdogWorld.FaultOf((ulong)seed, planted) is not null);

    [Fact]
    public void Every_way_to_misbehave_and_every_method_is_among_them()
    {
        var sweeps = Enumerable.Range(0, Sweeps).Select(seed => WatchdogSweep.Of((ulong)seed)).ToList();
        Assert.Equal(Enum.GetValues<Misbehaviour>(), sweeps.SelectMany(sweep => sweep.Programs).Distinct().Order());
        Assert.Equal(Methods.SamplerCatalog.All.Select(entry => entry.Name).Order(), sweeps.Select(sweep => sweep.Definition.Method).Distinct().Order());
        Assert.Equal(Methods.PrunerCatalog.All.Select(entry => entry.Name).Order(), sweeps.Select(sweep => sweep.Definition.EarlyTerminate?.Type).OfType<string>().Distinct().Order());
    }
}
