using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>Metrics at <c>/metrics</c>; metrics and traces to the collector of <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> too, if set.</summary>
internal static class Telemetry
{
    /// <summary>The environment's variables for OpenTelemetry's exporters, which read them from the host's configuration.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value))
        .Where(variable => variable.Key.StartsWith("OTEL_", StringComparison.Ordinal));

    /// <param name="settings">With what <see cref="Settings"/> gives.</param>
    public static void AddTo(IServiceCollection services, IConfiguration settings)
    {
        var collector = settings["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        var telemetry = services.AddOpenTelemetry();
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(HeadTelemetry.Name, "System.Runtime").AddPrometheusExporter();
            if (collector)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (collector)
        {
            telemetry.WithTracing(traces => traces.AddSource(HeadTelemetry.Name, "Microsoft.Orleans.Application").AddOtlpExporter());
        }
    }
}
