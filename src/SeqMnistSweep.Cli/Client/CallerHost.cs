using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Hosts of silos within a command.</summary>
internal static class CallerHost
{
    /// <summary>A host with nothing in it but what <see cref="AddCaller"/> adds.</summary>
    public static HostApplicationBuilder CreateBuilder(TimeProvider time)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddCaller(time);
        return builder;
    }

    public static void AddCaller(this IServiceCollection services, TimeProvider time) =>
        services.AddSingleton(time).AddSingleton<IHostLifetime, CallerLifetime>();

    /// <summary>A host that runs; nothing of one that cannot start is left.</summary>
    public static async Task<IHost> StartAsync(this HostApplicationBuilder builder, CancellationToken cancellation)
    {
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }

    /// <summary>Signals are the command's business: it says what a first and a second Ctrl-C mean.</summary>
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
