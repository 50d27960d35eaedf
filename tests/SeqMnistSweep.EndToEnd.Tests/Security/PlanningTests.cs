using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S8: a sweep file of a few lines may describe ten million points, and others go on meanwhile.</summary>
public sealed class PlanningTests
{
    private const string Small = """
        name: small
        program: noop
        method: random
        run_cap: 20
        metric: {name: value, goal: minimize}
        parameters:
          sleep_ms: {min: 1, max: 100}
        """;

    private static string Large(string rule) => $$"""
        name: large
        program: noop
        method: grid
        metric: {name: value, goal: minimize}
        parameters:
          sleep_ms: {value: 1}
        {{string.Join('\n', Enumerable.Range(0, 7).Select(i => $"  x{i}: {{values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}"))}}
        constraints:
        {{string.Join('\n', Enumerable.Range(0, 20).Select(i => $"  - require: \"x0 * x1 * x2 * x3 * x4 * x5 * x6 + {i} < 20000000\""))}}
          - require: "x0 + x1 + x2 + x3 + x4 + x5 + x6 {{rule}}"
        """;

    [Theory]
    [InlineData("< 1000000")]
    [InlineData(">= 70")] // the last point alone
    public async Task A_grid_of_ten_million_points_holds_up_nobody(string rule)
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("a", "--slots", "2");
        var large = await fleet.SubmitAsync(Large(rule));
        (await fleet.ClientAsync("health")).Expect(0);
        var small = await fleet.SubmitAsync(Small);

        Assert.Equal(SweepState.Completed, (await fleet.EndedAsync(small)).Sweep.State);
        Assert.False(fleet.Load(large).Sweep.State.IsFinal());
        (await fleet.ClientAsync("health")).Expect(0);
        (await fleet.ClientAsync("cancel", large.Value)).Expect(0);
    }
}
