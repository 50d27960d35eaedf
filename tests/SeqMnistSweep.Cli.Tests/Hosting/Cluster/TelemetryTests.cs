using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Hosting.Cluster;

public sealed class TelemetryTests
{
    private static readonly SweepId Sweep = SweepId.Parse("told-0000");
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_collector_gets_the_metrics_and_one_trace_of_a_trial()
    {
        await using var collector = await Collector.StartAsync();
        var services = new ServiceCollection();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }).Build();
        services.AddSingleton<IConfiguration>(settings);
        Telemetry.AddTo(services, settings);
        await using var provider = services.BuildServiceProvider();
        var (traces, metrics) = (provider.GetRequiredService<TracerProvider>(), provider.GetRequiredService<MeterProvider>());
        using (var telemetry = new HeadTelemetry(TimeProvider.System))
        {
            telemetry.Note(Sweep,
            [
                new SweepChange.TrialAdded(new TrialRecord { Number = 1, Configuration = 1, Parameters = ParameterSet.Empty, Seed = 1, Created = Start }),
                Moved(TrialState.Leased, 1),
                new SweepChange.ReportAdded(1, 1, 1, new EpochReport(1, ImmutableSortedDictionary<string, double>.Empty.Add("epoch_seconds", 4)), Start.AddSeconds(5)),
                Moved(TrialState.Completed, 6),
            ]);
            telemetry.Batched(3);
            telemetry.Suggested(TimeSpan.FromMilliseconds(2));
            Assert.True(traces.ForceFlush(60_000));

            // Of two readers the one for Prometheus says no: nobody scrapes.
            metrics.ForceFlush(60_000);
        }

        var spans = collector.Spans.Where(span => span.Sweep == Sweep.Value).ToList();
        Assert.Equal(["commit", "epoch", "lease", "submit"], spans.Select(span => span.Name).Order());
        Assert.Single(spans.Select(span => span.Trace).Distinct());
        Assert.Superset(
            new HashSet<string> { "seqsweep.reports", "seqsweep.trial.transitions", "seqsweep.writer.batch", "seqsweep.epoch.duration", "seqsweep.suggestion.duration" },
            collector.Metrics.ToHashSet());
    }

    [Fact]
    public void Only_the_collectors_own_variables_are_taken_from_the_environment() =>
        Assert.All(Telemetry.Settings(), setting => Assert.StartsWith("OTEL_", setting.Key, StringComparison.Ordinal));

    private static SweepChange.EventAdded Moved(TrialState to, int second) => new(new SweepEvent(
        new Occurrence.TrialMoved(1, 1, TrialState.Running, to, TransitionCause.Started), "so it is", "w", Start.AddSeconds(second)));

    /// <summary>OTLP over HTTP as far as names go (opentelemetry-proto 1.x: trace/v1 and metrics/v1).</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];

        public string Url => app.Urls.First();

        /// <summary>resource_spans 1, scope_spans 2, spans 2: trace_id 1, name 5, attributes 9 of key 1 and value 2, a text if 1. Heads of other tests may tell of theirs.</summary>
        public IEnumerable<(string Name, string Trace, string? Sweep)> Spans => Messages("/v1/traces").SelectMany(body => Within(body, 1, 2, 2)).Select(span => (
            Text(Within(span, 5).Single()),
            Convert.ToHexString(Within(span, 1).Single().Span),
            Within(span, 9).Where(attribute => Text(Within(attribute, 1).Single()) == "sweep").SelectMany(attribute => Within(attribute, 2, 1)).Select(Text).FirstOrDefault()));

        /// <summary>resource_metrics 1, scope_metrics 2, metrics 2: name 1.</summary>
        public IEnumerable<string> Metrics => Messages("/v1/metrics").SelectMany(body => Within(body, 1, 2, 2, 1)).Select(Text);

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            var collector = new Collector(app);
            app.Run(collector.ReceiveAsync);
            await app.StartAsync();
            return collector;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task ReceiveAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _received.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        }

        private IEnumerable<ReadOnlyMemory<byte>> Messages(string path) => _received.Where(received => received.Path == path).Select(received => (ReadOnlyMemory<byte>)received.Body);

        private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

        private static IEnumerable<ReadOnlyMemory<byte>> Within(ReadOnlyMemory<byte> message, params IEnumerable<int> path) =>
            path.Aggregate((IEnumerable<ReadOnlyMemory<byte>>)[message], (found, field) => found.SelectMany(one => Fields(one, field)));

        /// <summary>The length-delimited values of a field.</summary>
        private static List<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int field)
        {
            var found = new List<ReadOnlyMemory<byte>>();
            var at = 0;
            while (at < message.Length)
            {
                var tag = Varint(message.Span, ref at);
                switch (tag & 7)
                {
                    case 0: Varint(message.Span, ref at); break;
                    case 1: at += 8; break;
                    case 5: at += 4; break;
                    case 2:
                        var length = (int)Varint(message.Span, ref at);
                        if ((int)(tag >> 3) == field)
                        {
                            found.Add(message.Slice(at, length));
                        }

                        at += length;
                        break;
                    default: throw new InvalidDataException($"no wire type of protocol buffers: {tag & 7}");
                }
            }

            return found;
        }

        private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var one = bytes[at++];
                value |= (ulong)(one & 127) << shift;
                if (one < 128)
                {
                    return value;
                }
            }
        }
    }
}
