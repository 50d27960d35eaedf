using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>Metrics at <c>/metrics</c>; traces and metrics to an OpenTelemetry collector as well where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one.</summary>
internal static class Telemetry
{
    public static void AddTo(IServiceCollection services)
    {
        var collector = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 };
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
