using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Worker;
using SeqMnistSweep.Worker.Hosting;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>A worker as a process of its own: one silo, without a gateway.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    /// <summary>How long the silo may take to tell the others that it goes; a moment is enough where the head answers.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly IHost _host;
    private bool _abandoned;

    private WorkerHost(IHost host) => _host = host;

    /// <param name="join">How its silo finds the others.</param>
    public static async Task<WorkerHost> StartAsync(
        ListenAddress listen, int port, Action<ISiloBuilder> join, WorkerOptions worker, IEnumerable<ILoggerProvider> logs,
            TimeProvider time, CancellationToken cancellation)
    {
        var builder = CallerHost.CreateBuilder(time);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("SeqMnistSweep", LogLevel.Information)
            .AddFilter(OrleansLog.Watchdog, LogLevel.Error);
        foreach (var log in logs)
        {
            builder.Logging.AddProvider(log);
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = worker.DrainTime + TimeSpan.FromSeconds(15));
        builder.UseOrleans(silo =>
        {
            SiloDefaults.Configure(silo, listen, port, gateway: 0, $"worker {worker.Name}");
            join(silo);
        });
        builder.Services.AddWorker(worker);
        return new WorkerHost(await builder.StartAsync(cancellation));
    }

    /// <summary>How many leases it holds, and why the head does not want it; null when it does.</summary>
    public (int Held, string? Refusal) State => WorkerSilo.StateOf(_host.Services);

    /// <summary>Drains, then leaves the cluster; without a head to take leave of it just goes.</summary>
    public async Task StopAsync()
    {
        await WorkerSilo.DrainAsync(_host.Services, CancellationToken.None);
        try
        {
            await _host.StopAsync(CancellationToken.None).WaitAsync(Farewell, _host.Services.GetRequiredService<TimeProvider>());
        }
        catch (TimeoutException)
        {
            // The silo tells its leave to a table that nobody keeps any more, again and again. The others find out by themselves.
            _abandoned = true;
        }
    }

    public ValueTask DisposeAsync() => _abandoned ? ValueTask.CompletedTask : ((IAsyncDisposable)_host).DisposeAsync();
}
