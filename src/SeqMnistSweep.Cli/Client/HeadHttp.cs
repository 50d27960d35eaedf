using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Cli.Client;

/// <summary>HTTP to a head: short time-outs, and what went wrong in words.</summary>
internal static class HeadHttp
{
    /// <summary>How long an ordinary answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Each call brings its own time-out.</summary>
    public static HttpClient Create() =>
        new(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>Asks who answers.</summary>
    /// <exception cref="HeadUnreachable">No head answers there.</exception>
    public static async Task<HeadInfo> AskAsync(HttpClient client, Uri head, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectTimeout + ConnectTimeout);
        try
        {
            using var answer = await client.GetAsync(new Uri(head, "api/v1/cluster"), limit.Token);
            if (!answer.IsSuccessStatusCode)
            {
                throw new HeadUnreachable(head, $"it answers {(int)answer.StatusCode}");
            }

            return await answer.Content.ReadFromJsonAsync<HeadInfo>(ResultJson.Options, limit.Token) ?? throw new HeadUnreachable(
                head, "its answer is empty");
        }
        catch (HttpRequestException error)
        {
            throw new HeadUnreachable(head, Reason(error));
        }
        catch (JsonException)
        {
            throw new HeadUnreachable(head, "what answers there is no head of seqsweep");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HeadUnreachable(head, "it does not answer in time");
        }
    }

    public static string Reason(HttpRequestException error) => error.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            "there is no such host",
        SocketException socket => socket.Message,
        OperationCanceledException or TimeoutException => $"no connection within {ConnectTimeout.TotalSeconds:0} s",
        { } inner => inner.Message,
        null => error.Message,
    };

    /// <summary>The body of a refusal; null when it has none of ours.</summary>
    public static async Task<ErrorBody?> ErrorAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return (await answer.Content.ReadFromJsonAsync<ErrorAnswer>(ResultJson.Options, cancellation))?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
