using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Benchmarks;

/// <summary>What the dashboard asks of a head that has much to show, and what open pages cost it.</summary>
internal sealed class DashboardBench(DashboardBenchOptions options, Action<string> progress, CancellationToken stop)
{
    private const int Times = 5;

    /// <summary>After this the runtime has compiled what the pages' first questions made it compile.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    private static readonly HttpClient Client = HeadHttp.Create(Environment.GetEnvironmentVariable);

    /// <param name="write">Gets the results before the head is held: whoever holds it ends it by a signal, perhaps a hard one.</param>
    /// <returns>What <paramref name="write"/> returned.</returns>
    public async Task<int> RunAsync(Func<IReadOnlyList<BenchResult>, int> write)
    {
        progress(string.Create(CultureInfo.InvariantCulture, $"writing {options.Trials} trials with {(long)options.Trials * options.Epochs} reports"));
        using var fleet = new BenchFleet(database => LargeSweep.WriteAsync(database, options.Trials, options.Epochs).GetAwaiter().GetResult());
        var results = new List<BenchResult>();
        results.AddRange(await PagesAsync(fleet));
        results.AddRange(await IdleAsync(fleet));
        results.AddRange(await SlowedAsync(fleet));
        var written = write(results);
        if (options.Hold)
        {
            progress($"the head stays up until Ctrl-C: {fleet.Url}/s/{LargeSweep.Id}");
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return written;
    }

    private async Task<List<BenchResult>> PagesAsync(BenchFleet fleet)
    {
        progress("pages of the API");
        var at = $"sweeps/{LargeSweep.Id}";
        var results = new List<BenchResult>();
        foreach (var (name, path, bar) in new (string, string, double?)[]
        {
            ("summary of the sweep", $"{at}/summary", 100),
            ("trials, first page", $"{at}/trials?limit=200", 100),
            ("trials, by value", $"{at}/trials?limit=200&sort=-value", 100),
            ("trials, row 50,000 by value", $"{at}/trials?limit=200&sort=-value&offset=50000", 100),
            ("trials, filtered by a parameter", $"{at}/trials?limit=200&sort=-value&where={Uri.EscapeDataString("lr < 0.001 and optimizer == 'Adam'")}", 100),
            ("trials, by a parameter", $"{at}/trials?limit=200&sort=lr", 100),
            ("curves of one trial", $"trials/{LargeSweep.Id}/500/curves", 100),
            ("curves of 20 trials", $"{at}/curves?metric=val_accuracy&trials={string.Join(',', Enumerable.Range(1, 20).Select(i => i * 37))}", 100),
            ("leaderboard, first 10", $"{at}/leaderboard?top=10", null),
            ("density of all curves", $"{at}/density?metric=val_accuracy", null),
            ("way to the best", $"{at}/history", null),
            ("10,000 lines of parallel coordinates", $"{at}/trials?limit=10000&sort=-value&where={Uri.EscapeDataString("value != null")}", null),
        })
        {
            var took = await MedianAsync(fleet, path);
            results.Add(bar is { } most ? BenchResult.AtMost(name, took, most, "ms") : BenchResult.Fact(name, took, "ms"));
        }

        return results;
    }

    private async Task<double> MedianAsync(BenchFleet fleet, string path)
    {
        var times = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await Client.GetAsync(new Uri($"{fleet.Url}/api/v1/{path}"), stop);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync(stop);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times.Order().ElementAt(Times / 2);
    }

    private async Task<List<BenchResult>> IdleAsync(BenchFleet fleet)
    {
        progress($"{options.Tabs} open pages, and nothing happens, for {options.Seconds} s");
        await using var tabs = await Tabs.OpenAsync(Client, fleet.Url, options.Tabs, LargeSweep.Id.Value, stop);
        await Task.Delay(Settling, stop);
        var before = fleet.ProcessorTime("head");
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), stop);
        var share = 100 * (fleet.ProcessorTime("head") - before) / Stopwatch.GetElapsedTime(start);
        return [BenchResult.AtMost($"processor time of the head with {options.Tabs} idle pages", share, 2, "%")];
    }

    /// <summary>The same sweep with open pages and without, in turns; each as many reports as the head takes.</summary>
    private async Task<List<BenchResult>> SlowedAsync(BenchFleet fleet)
    {
        progress($"sweeps with {options.Tabs} open pages and without, in turns");
        fleet.StartWorker("one");
        fleet.Run(Sweep("warm"));
        var ratios = new List<double>();
        for (var i = 0; i < options.Rounds; i++)
        {
            var alone = fleet.Run(Sweep($"alone-{i}")).Took;
            var sweep = fleet.Submit(Sweep($"watched-{i}"));
            await using (await Tabs.OpenAsync(Client, fleet.Url, options.Tabs, sweep.Value, stop))
            {
                fleet.Client("wait", sweep.Value, "--head", fleet.Url);
            }

            var row = fleet.Reader.Sweep(sweep)!;
            var watched = Timestamps(row);
            ratios.Add(watched / alone);
            progress(string.Create(CultureInfo.InvariantCulture, $"alone {alone.TotalSeconds:0.00} s, watched {watched.TotalSeconds:0.00} s"));
        }

        return [BenchResult.AtMost($"a live sweep with {options.Tabs} pages, of one without", 100 * ratios.Order().ElementAt(ratios.Count / 2), 102, "%")];
    }

    private static TimeSpan Timestamps(SweepRow row) =>
        DateTimeOffset.Parse(row.Finished!, CultureInfo.InvariantCulture) - DateTimeOffset.Parse(row.Started!, CultureInfo.InvariantCulture);

    /// <summary>Trials as they are: an epoch takes its time, and is reported.</summary>
    private static string Sweep(string name) => $$"""
        name: {{name}}
        program: noop
        method: random
        run_cap: 40
        metric: {name: value, goal: minimize}
        parameters:
          x0: {min: 0.0, max: 1.0}
          sleep_ms: {value: 50}
          epochs: {value: 20}
        """;

    /// <summary>Streams as pages of as many browsers would hold them.</summary>
    private sealed class Tabs : IAsyncDisposable
    {
        private readonly CancellationTokenSource _closing = new();
        private readonly List<Task> _reading = [];

        public static async Task<Tabs> OpenAsync(HttpClient client, string url, int count, string sweep, CancellationToken stop)
        {
            var tabs = new Tabs();
            for (var i = 0; i < count; i++)
            {
                var answer = await client.GetAsync(new Uri($"{url}/api/v1/live?topics=sweeps,workers,sweep:{sweep}"), HttpCompletionOption.ResponseHeadersRead, stop);
                tabs._reading.Add(DrainAsync(answer, tabs._closing.Token));
            }

            return tabs;
        }

        public async ValueTask DisposeAsync()
        {
            await _closing.CancelAsync();
            await Task.WhenAll(_reading);
            _closing.Dispose();
        }

        private static async Task DrainAsync(HttpResponseMessage answer, CancellationToken closing)
        {
            using (answer)
            {
                try
                {
                    await answer.Content.CopyToAsync(Stream.Null, closing);
                }
                catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException)
                {
                    // Closed, as a tab is.
                }
            }
        }
    }
}

/// <summary>How much is measured.</summary>
/// <param name="Hold">Leaves the head up afterwards, for a browser.</param>
internal sealed record DashboardBenchOptions(int Trials = 100_000, int Epochs = 20, int Tabs = 20, int Seconds = 20, int Rounds = 5, bool Hold = false);
