using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S6, S7: what a query takes it takes from a process of its own.</summary>
public sealed class QueryTests
{
    private const string Sixty = "with recursive r(x) as (select 1 union all select x + 1 from r limit 60)";

    [Fact]
    public async Task Large_results_and_endless_functions_leave_the_head_alone()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        (await fleet.ClientAsync("query", "select 1")).Expect(0);
        var before = Memory(fleet.Head.Id);

        var tooBig = await fleet.ClientAsync("query", $"{Sixty} select zeroblob(60000000) from r");
        Assert.Contains("too big", tooBig.Expect(2).Error, StringComparison.Ordinal);
        var cut = await fleet.ClientAsync("query", $"{Sixty} select zeroblob(1000000) from r", "-o", "csv");
        Assert.Contains("only the first 33 rows", cut.Expect(0).Error, StringComparison.Ordinal);
        var late = await fleet.ClientAsync("query", "select 1 where instr(printf('%.*c', 1040000, 'a'), printf('%.*c', 520000, 'a') || 'b')", "--timeout", "1s");
        Assert.Contains("stopped after 1 s", late.Expect(2).Error, StringComparison.Ordinal);

        Assert.InRange(Memory(fleet.Head.Id) - before, long.MinValue, 100 << 10);
        Assert.Empty(Queries(fleet.Head.Id));
    }

    [Fact]
    public async Task The_process_of_a_query_ends_with_a_head_that_is_killed()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await using var asked = fleet.Start("query", $"{Sixty} select count(*) from r a, r b, r c, r d, r e, r f, r g", "--timeout", "60s");
        await fleet.UntilAsync(() => Queries(fleet.Head.Id) is [_], "a query");
        var query = Queries(fleet.Head.Id)[0];
        fleet.Head.Signal("KILL");
        await fleet.UntilAsync(() => !Directory.Exists($"/proc/{query}"), "the end of the query");
        Assert.NotEqual(0, (await asked.EndAsync()).WithoutStackTrace().Code);
    }

    private static IReadOnlyList<int> Queries(int head) => ChildProcesses.Of(head, "answer-query");

    /// <returns>Resident memory in KiB.</returns>
    private static long Memory(int process) => long.Parse(
        File.ReadAllLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..^2], System.Globalization.CultureInfo.InvariantCulture);
}
