using System.Collections.Concurrent;
using SeqMnistSweep.FaultSimulation;

namespace SeqMnistSweep.Cli.Tests.Faults;

[Collection("alone")]
public sealed class FaultRunTests
{
    private const int Seeds = 10_000;

    [Fact]
    public void Ten_thousand_seeds_break_no_promise()
    {
        var broken = new ConcurrentBag<ulong>();
        var (reports, restarts, sql) = (0, 0, 0);
        Parallel.For(0, Seeds, (seed, state) =>
        {
            var run = FaultRun.Of((ulong)seed);
            Interlocked.Add(ref reports, run.Acknowledged);
            Interlocked.Add(ref restarts, run.HeadStarts - 1);
            Interlocked.Add(ref sql, run.Plan.UsesSql ? 1 : 0);
            if (run.Broken is not null)
            {
                broken.Add((ulong)seed);
                state.Stop();
            }
        });

        Assert.True(broken.IsEmpty, broken.IsEmpty ? "" : Explain(broken.Min()));

        // It did run: a world in which nothing happens breaks no promise either.
        Assert.True(reports > 10 * Seeds, $"{reports} reports");
        Assert.True(restarts > Seeds / 10, $"{restarts} restarts of the head");
        Assert.True(sql >= Seeds / 10, $"{sql} runs on the shipped SQL");
    }

    [Theory]
    [InlineData(PlantedFault.FencingOff)]
    [InlineData(PlantedFault.AcknowledgeBeforeCommit)]
    [InlineData(PlantedFault.LeaseNumbersStartAgain)]
    [InlineData(PlantedFault.OutboxNotResent)]
    [InlineData(PlantedFault.GrantLost)]
    [InlineData(PlantedFault.FilesDroppedByContent)]
    [InlineData(PlantedFault.DeadReportsCount)]
    internal void A_planted_fault_is_found_within_a_thousand_seeds(PlantedFault planted)
    {
        var found = Enumerable.Range(0, 1000).FirstOrDefault(seed => FaultRun.Of((ulong)seed, planted).Broken is not null, -1);
        Assert.True(found >= 0, $"{planted} was not found");

        var trace = FaultRun.Shortened(FaultPlan.Of((ulong)found), planted);
        Assert.StartsWith("BROKEN: ", trace[^1], StringComparison.Ordinal);
        Assert.True(trace.Length < 70, $"{trace.Length} lines");
    }

    /// <summary>Without this a rule could be never put to the test by any seed, and nobody would know.</summary>
    [Fact]
    public void What_only_several_sweeps_or_failures_bring_about_happens_in_many_seeds()
    {
        var tallies = Enumerable.Range(0, 400).Select(seed => FaultRun.Of((ulong)seed).Tally).ToList();

        var (preempted, elsewhere, shared) = (tallies.Count(run => run.Preempted > 0), tallies.Count(run => run.RetriedElsewhere > 0), tallies.Count(run => run.Shared > 0));
        Assert.True(preempted >= 20, $"a trial goes on from a checkpoint after it gave way to a higher priority in {preempted} of 400 runs");
        Assert.True(elsewhere >= 20, $"a trial that failed is tried again at another worker in {elsewhere} of 400 runs");
        Assert.True(shared >= 20, $"sweeps of one priority share the slots in {shared} of 400 runs");

        var (superseded, files, outrun) = (tallies.Count(run => run.Superseded > 0), tallies.Count(run => run.SharedFiles > 0), tallies.Count(run => run.Outrun > 0));
        Assert.True(superseded >= 20, $"an attempt begins before what a dead one had reported in {superseded} of 400 runs");
        Assert.True(files >= 20, $"of two checkpoints with the same bytes one is dropped in {files} of 400 runs");
        Assert.True(outrun >= 20, $"a program outruns its verdict in {outrun} of 400 runs");

        var (edited, reopened) = (tallies.Count(run => run.Edited > 0), tallies.Count(run => run.Reopened > 0));
        Assert.True(edited >= 20, $"a sweep's file is edited in {edited} of 400 runs");
        Assert.True(reopened >= 5, $"an ended sweep goes on with its edited file in {reopened} of 400 runs");
    }

    [Fact]
    public void A_seed_gives_the_same_run_again()
    {
        foreach (var seed in new ulong[] { 0, 1, 7, 8 })
        {
            var (first, second) = (new List<string>(), new List<string>());
            FaultRun.Of(FaultPlan.Of(seed), PlantedFault.None, first);
            FaultRun.Of(FaultPlan.Of(seed), PlantedFault.None, second);
            Assert.NotEmpty(first);
            Assert.Equal(first, second);
        }
    }

    private static string Explain(ulong seed) => $"--seed {seed}\n{string.Join('\n', FaultRun.Shortened(FaultPlan.Of(seed)))}";
}
