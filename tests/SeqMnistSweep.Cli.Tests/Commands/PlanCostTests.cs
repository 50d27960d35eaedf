using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Commands;

public sealed class PlanCostTests
{
    [Fact]
    public void The_price_of_a_slot_hour_gives_the_estimate_in_money()
    {
        Assert.Equal("about 1,312.50: 525 slot-hours at 2.5 each", Taking(525).At(2.5));
        Assert.Equal("about 0.00: 0.004 slot-hours at 1 each", Taking(0.004).At(1));
        Assert.Equal("unknown, as the time is", Taking(null).At(2.5));
    }

    [Fact]
    public async Task Plan_says_what_is_not_known_and_refuses_what_is_no_price()
    {
        using var place = new Workplace();
        await File.WriteAllTextAsync(Path.Combine(place.Folder, "sweep.yaml"), "{program: ask, method: grid, metric: {name: loss}, parameters: {x: {values: [1, 2]}}}");

        var plan = await place.RunAsync("plan", "sweep.yaml", "--cost-per-slot-hour", "2.5");
        Assert.Contains("  Cost  unknown, as the time is\n", plan.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.EndsWith("2 grid points, 2 feasible, 1 seeds, 2 trials", plan.Out.TrimEnd(), StringComparison.Ordinal);

        var refused = await place.RunAsync("plan", "sweep.yaml", "--cost-per-slot-hour", "-1");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--cost-per-slot-hour -1 is no price", refused.Error, StringComparison.Ordinal);
    }

    private static SweepCost Taking(double? slotHours) => new(null, null, null, null, slotHours * 3600, slotHours, "");
}
