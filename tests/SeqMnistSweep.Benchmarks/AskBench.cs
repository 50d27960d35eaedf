using System.Diagnostics;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks;

/// <summary>Pairs of ask and tell over HTTP, every one durable: several clients at once, as several scripts would be.</summary>
internal sealed class AskBench(int pairs, int clients, Action<string> progress)
{
    public List<BenchResult> Run(BenchFleet fleet)
    {
        progress($"{pairs} trials asked for and told over HTTP by {clients} clients");
        var sweep = fleet.Submit($$"""
            name: asked
            program: ask
            method: random
            run_cap: {{pairs}}
            metric: {name: loss, goal: minimize}
            parameters:
              x0: {min: 0.0, max: 1.0}
              x1: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
            """);
        var clock = Stopwatch.StartNew();
        Task.WaitAll(Enumerable.Range(0, clients).Select(client => PlayAsync(fleet.Url, sweep, $"bench-{client}")).ToArray());
        var took = clock.Elapsed;
        var row = fleet.Reader.FindSweeps(sweep.Value).Single();
        if (row.Completed != pairs || row.State != SweepState.Completed.ToName())
        {
            throw new InvalidOperationException($"{sweep} is {row.State} with {row.Completed} completed trials instead of {pairs}");
        }

        return [BenchResult.AtLeast("ask and tell over HTTP", pairs / took.TotalSeconds, 500, "pairs/s")];
    }

    private static async Task PlayAsync(string url, SweepId sweep, string name)
    {
        using var client = HeadHttp.Create(Environment.GetEnvironmentVariable);
        var head = new HeadAsk(client, new Uri(url), TimeProvider.System);
        while (await head.AskAsync(sweep.Value, new AskRequest(name), CancellationToken.None) is { } answer && (answer.Trial is not null || answer.RetryAfter is not null))
        {
            if (answer.Trial is { } trial)
            {
                var x = (double)answer.Parameters!["x0"]!;
                await head.TellAsync(sweep.Value, new TellRequest(trial, answer.Lease, Value: (x - 0.3) * (x - 0.3)), CancellationToken.None);
            }
        }
    }
}
