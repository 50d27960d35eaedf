using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation.Watchdog;

/// <summary>A small sweep drawn by a seed: any method, any pruner, a space of any kind, and programs that misbehave.</summary>
internal sealed record WatchdogSweep(SweepDefinition Definition, ImmutableArray<Misbehaviour> Programs, int Workers, int Slots)
{
    private static readonly ImmutableArray<string> Spaces =
    [
        "x: {values: [1, 2, 3]}",
        "x: {value: 1}",
        "x: {min: 0.0, max: 1.0}, y: {min: 1, max: 9}",
        "x: {values: [a, b, c], probabilities: [0.9, 0.1, 0]}, y: {distribution: q_uniform, min: 0.0, max: 2.0, q: 0.5}",
        "kind: {values: [a, b]}, x: {min: 0.0, max: 1.0, when: {kind: b}}",
        $"x: {{values: [{string.Join(", ", Enumerable.Range(0, 3000).Select(i => $"t{i}"))}]}}",
    ];

    private static readonly ImmutableArray<string> Pruners =
    [
        "", "", "early_terminate: {type: asha, min_epochs: 1, eta: 2, mode: stopping}", "early_terminate: {type: asha, min_epochs: 1, eta: 2, mode: promotion}",
        "early_terminate: {type: hyperband, min_iter: 1, eta: 2}", "early_terminate: {type: median, startup: 2, warmup: 1}",
        "early_terminate: {type: percentile, percentile: 30, startup: 2}", "early_terminate: {type: patience, patience: 2}",
    ];

    /// <summary>Of any trial: a few failures, a few losses, a promotion at every rung.</summary>
    public int MaxAttempts => 20;

    /// <summary>Without the tail of a long list.</summary>
    public string Shown => string.Join('\n', Definition.Source.Split('\n').Select(line => line.Length > 150 ? $"{line[..120]} ... {line[^20..]}" : line));

    public static WatchdogSweep Of(ulong seed)
    {
        var random = new Chance(RandomSeed.Derive((long)seed, "watchdog"));
        while (true)
        {
            var text = Text(random);
            var all = Enum.GetValues<Misbehaviour>();
            var programs = Enumerable.Range(0, random.Between(1, 2)).Select(_ => all[random.Between(0, all.Length - 1)]).ToImmutableArray();
            var (workers, slots) = (random.Between(1, 2), random.Between(1, 3));
            if (SweepFile.Parse(text, "watchdog.yaml").Definition is { } definition) return new WatchdogSweep(definition, programs, workers, slots);
        }
    }

    private static string Text(Chance random)
    {
        var method = SamplerCatalog.All[random.Between(0, SamplerCatalog.All.Length - 1)].Name;
        var space = Spaces[random.Between(0, Spaces.Length - 1)];
        return $$"""
            name: watchdog
            program: train.py
            method: {{method}}
            run_cap: {{random.Between(2, 14)}}
            {{(method == "nsga2" ? "metrics: [{name: value}, {name: size}]" : "metric: {name: value}")}}
            parameters: { {{space}}, epochs: {value: {{random.Between(1, 6)}}} }
            {{(method == "pbt" ? "" : Pruners[random.Between(0, Pruners.Length - 1)])}}
            {{(random.Percent(30) && method != "pbt" ? "seeds: {count: 2, base: 1}" : "")}}
            {{(random.Percent(30) ? $"retry: {{max: {random.Between(0, 3)}}}" : "")}}
            {{(random.Percent(20) ? $"limits: {{max_failures: {random.Between(1, 6)}}}" : "")}}
            {{(random.Percent(20) ? "limits: {max_parallel: 1}" : "")}}
            checkpoint: {every: {{random.Between(1, 2)}}, keep: {{(random.Percent(50) ? "last" : "none")}}}
            """;
    }
}
