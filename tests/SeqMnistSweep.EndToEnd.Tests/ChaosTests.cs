using System.Text.Json;
using SeqMnistSweep.EndToEnd.Tests.Support;
using Xunit.Abstractions;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>
/// Whatever is killed, frozen, cut off, drained or restarted while sweeps train: every trial ends once, every acknowledged report is
/// there once, and the results are those of a run that nobody disturbed. SEQSWEEP_CHAOS names a longer time, such as 30m.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static readonly string Benchmarks = Path.Combine(AppContext.BaseDirectory, "SeqMnistSweep.Benchmarks");

    private static readonly string Time = Environment.GetEnvironmentVariable("SEQSWEEP_CHAOS") ?? "20s";

    [Fact]
    public async Task Faults_cost_time_and_nothing_else()
    {
        using var place = new SeqSweep();
        await using var bench = new RunningProgram(Benchmarks, ["chaos", "--time", Time, "--seed", "3", "--workers", "3", "-o", "json"], place.Folder);
        var ended = await bench.EndAsync();
        output.WriteLine(ended.Error);
        output.WriteLine(ended.Output);
        ended.Expect(Network.IsPossible ? 0 : 8);
        var results = JsonDocument.Parse(ended.Output).RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.All(Named("lost: "), result => Assert.True(result.GetProperty("holds").GetBoolean(), result.ToString()));
        Assert.Equal(5, Named("lost: ").Count);
        Assert.True(Named("faults: ").Sum(result => result.GetProperty("value") is { ValueKind: JsonValueKind.Number } times ? times.GetInt32() : 0) > 0, "nothing was disturbed");

        List<JsonElement> Named(string beginning) => [.. results.Where(result => result.GetProperty("name").GetString()!.StartsWith(beginning, StringComparison.Ordinal))];
    }
}
