using Microsoft.Extensions.Hosting;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Signals are the command's business: it says what a first and a second Ctrl-C mean.</summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
