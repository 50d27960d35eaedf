using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Grains.Membership;

namespace SeqMnistSweep.Worker.Membership;

/// <summary>The cluster's membership table as the head keeps it, over HTTP. While the head is down every call fails, and Orleans tries
/// again: nobody joins and nobody is evicted meanwhile, and the silos that are there live on.</summary>
/// <param name="http">Its base address is the head's; its timeout is short.</param>
internal sealed partial class HttpMembershipTable(HttpClient http, TimeProvider time, ILogger<HttpMembershipTable> logger)
    : MembershipTableBase, IDisposable
{
    private const string Path = "api/v1/membership";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Waits for the head, however long it takes: workers may be started before it.</summary>
    public override async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await ReadAllAsync(cancellationToken);
                return;
            }
            catch (HeadUnreachableException error)
            {
                if (tries == 1)
                {
                    LogWaiting(error.Message);
                }
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    public override async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) =>
        await GetAsync(Path, cancellationToken);

    public override async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        await GetAsync($"{Path}?silo={Uri.EscapeDataString(key.ToParsableString())}", cancellationToken);

    public override Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        PostAsync(
            "insert", new MemberInsert(Number(tableVersion.VersionEtag), MemberEntry.From(entry)), MembershipJson.Default.MemberInsert,
            cancellationToken);

    public override Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken) =>
        PostAsync(
            "update", new MemberUpdate(Number(tableVersion.VersionEtag), Number(etag), MemberEntry.From(entry)),
            MembershipJson.Default.MemberUpdate, cancellationToken);

    public override Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken) => PostAsync(
        "alive", new MemberAlive(entry.SiloAddress.ToParsableString()), MembershipJson.Default.MemberAlive, cancellationToken);

    public override Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken) => PostAsync(
        "cleanup", new MemberCleanup(beforeDate), MembershipJson.Default.MemberCleanup, cancellationToken);

    /// <exception cref="NotSupportedException">Always: the table is the head's.</exception>
    public override Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        throw new NotSupportedException("the membership table is the head's; a worker cannot empty it");

    public void Dispose() => http.Dispose();

    private async Task<MembershipTableData> GetAsync(string path, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        try
        {
            return (await SendAsync(request, MembershipJson.Default.MemberTable, cancellation)).ToOrleans();
        }
        catch (FormatException error)
        {
            throw Unreachable(error.Message, error);
        }
    }

    private async Task<bool> PostAsync<TBody>(string verb, TBody body, JsonTypeInfo<TBody> type, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(body, type);
        var outcome = await SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"{Path}/{verb}") { Content = content }, MembershipJson.Default.MemberOutcome,
            cancellation);
        if (outcome.Reason is { } reason)
        {
            // Not an error: Orleans would repeat a vote that fails for as long as it fails.
            LogRefused(reason);
        }

        return outcome.Applied;
    }

    private async Task<TAnswer> SendAsync<TAnswer>(HttpRequestMessage request, JsonTypeInfo<TAnswer> type, CancellationToken cancellation)
    {
        using var sent = request;
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw Unreachable($"it answered {(int)response.StatusCode}: {await ReasonAsync(response, cancellation)}");
            }

            return await response.Content.ReadFromJsonAsync(type, cancellation) ?? throw Unreachable("its answer is null");
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {http.Timeout.TotalSeconds} s", error);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or IOException)
        {
            throw Unreachable(error.Message, error);
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync(MembershipJson.Default.MemberError, cancellation))?.Error ?? "no reason given";
        }
        catch (JsonException)
        {
            return "it is no head, or its membership is kept elsewhere";
        }
    }

    private HeadUnreachableException Unreachable(string reason, Exception? inner = null) =>
        new($"the head at {http.BaseAddress} cannot be used: {reason}", inner);

    private static long Number(string? etag) =>
        long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker joins when the head answers. So far: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The head refused a change of the membership table: {Reason}.")]
    private partial void LogRefused(string reason);
}
