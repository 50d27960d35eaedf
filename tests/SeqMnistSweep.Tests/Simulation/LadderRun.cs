using SeqMnistSweep.Methods;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Simulation;

namespace SeqMnistSweep.Tests.Simulation;

/// <summary>What a method and a pruner find within a budget, on a family of curves. Every epoch takes as long as another.</summary>
internal static class LadderRun
{
    /// <summary>Errors found after each of some numbers of epochs: who reported the lowest value is taken, and counts for what that epoch is worth without noise.</summary>
    public static double[] Errors(CurveFamily family, string method, string pruner, int workers, int seed, int[] budgets)
    {
        var definition = family.Sweep(method, pruner, seed);
        var points = new Dictionary<int, ParameterSet>();
        var result = new SweepSimulation(
            definition,
            grant =>
            {
                points[grant.Trial.Number] = grant.Parameters;
                return new SimulatedCurve(0, family.Epochs, epoch => family.Reported(grant.Parameters, epoch), _ => 1);
            },
            workers, SamplerCatalog.Create(definition), budgets[^1]).Run();
        return [.. budgets.Select(budget =>
        {
            var found = result.Epochs.Take(budget).MinBy(report => report.Value);
            return family.Error(points[found.Trial], found.Epoch);
        })];
    }
}
