using System.Net.Http.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Webhooks;

/// <summary>Tells an address of somebody's what happens, after it is on the disk. Sweeps never wait for it; what cannot be told after some
/// tries is logged and left.</summary>
internal sealed partial class Webhook(HeadStore store, WebhookOptions options, TimeProvider time, ILogger<Webhook> logger)
    : BackgroundService
{
    private const int MaxWaiting = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];

    private readonly Channel<(SweepId Sweep, int? Trial, bool Completed)> _happened =
        Channel.CreateBounded<(SweepId, int?, bool)>(
            new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly NoticeRules _rules = new(options.FailureRate);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.Told += Hear;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        store.Told -= Hear;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };
        await foreach (var (sweep, trial, completed) in _happened.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                foreach (var notice in Notices(sweep, trial, completed))
                {
                    await SendAsync(client, notice, stoppingToken);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogNotTold(error, sweep, $"{options.Url.Scheme}://{options.Url.Host}");
            }
        }
    }

    private void Hear(SweepId sweep, IReadOnlyList<SweepChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case SweepChange.TrialUpdated({ State: TrialState.Completed or TrialState.Failed or TrialState.Pruned } ended, _):
                    _happened.Writer.TryWrite((sweep, ended.Number, ended.State == TrialState.Completed));
                    break;
                case SweepChange.SweepUpdated:
                    _happened.Writer.TryWrite((sweep, null, false));
                    break;
            }
        }
    }

    private IEnumerable<Notice> Notices(SweepId id, int? trial, bool completed)
    {
        if (store.Reader.Sweep(id) is not { } sweep) return [];

        var now = time.GetUtcNow();
        if (trial is not { } number) return Some(_rules.Moved(sweep, now));

        var best = completed && store.Reader.Trial(new TrialId(id, number)) is { } row
            ? _rules.Completed(sweep, row, store.Reader.Leaderboard(id, 2), now)
            : null;
        return [.. Some(best), .. Some(_rules.Ended(sweep, now))];
    }

    private async Task SendAsync(HttpClient client, Notice notice, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await client.PostAsync(options.Url, JsonContent.Create(notice, options: ResultJson.Options), stop);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (Exception error) when (
                attempt < Pauses.Length && !stop.IsCancellationRequested && (error is HttpRequestException or TaskCanceledException))
            {
                await Task.Delay(Pauses[attempt], time, stop);
            }
        }
    }

    private static IEnumerable<Notice> Some(Notice? notice) => notice is null ? [] : [notice];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Url} could not be told of sweep {Sweep}")]
    private partial void LogNotTold(Exception error, SweepId sweep, string url);
}
