using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Asks a head for trials and tells it of them, over HTTP as any program may.</summary>
internal sealed class HeadAsk(HttpClient client, Uri head, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a head that cannot answer now, as one that is still starting, is asked again: every word may be
    /// repeated.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    public Task<AskAnswer> AskAsync(string sweep, AskRequest request, CancellationToken cancellation) =>
        PostAsync<AskRequest, AskAnswer>(sweep, "ask", request, cancellation);

    public Task<ReportAnswer> ReportAsync(string sweep, ReportRequest request, CancellationToken cancellation) =>
        PostAsync<ReportRequest, ReportAnswer>(sweep, "report", request, cancellation);

    public Task<TellAnswer> TellAsync(string sweep, TellRequest request, CancellationToken cancellation) =>
        PostAsync<TellRequest, TellAnswer>(sweep, "tell", request, cancellation);

    private Uri At(string sweep, string verb) => new(head, $"api/v1/sweeps/{Uri.EscapeDataString(sweep)}/{verb}");

    private async Task<TAnswer> PostAsync<TRequest, TAnswer>(string sweep, string verb, TRequest request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HeadHttp.Patience);
        var start = time.GetTimestamp();
        try
        {
            var answer = await client.PostAsJsonAsync(At(sweep, verb), request, ResultJson.Options, limit.Token);
            while (answer.StatusCode == HttpStatusCode.ServiceUnavailable && time.GetElapsedTime(start) < StartPatience)
            {
                answer.Dispose();
                await Task.Delay(RetryDelay, time, limit.Token);
                answer = await client.PostAsJsonAsync(At(sweep, verb), request, ResultJson.Options, limit.Token);
            }

            using var last = answer;
            if (answer.IsSuccessStatusCode)
            {
                return (await answer.Content.ReadFromJsonAsync<TAnswer>(ResultJson.Options, limit.Token))!;
            }

            var error = await HeadHttp.ErrorAsync(answer, limit.Token) ?? throw new HeadUnreachable(
                head, $"it answers {(int)answer.StatusCode}");
            throw new CommandError(
                answer.StatusCode switch
                {
                    HttpStatusCode.BadRequest => ExitCodes.Usage,
                    HttpStatusCode.NotFound => ExitCodes.NotFound,
                    HttpStatusCode.Conflict => ExitCodes.NotAllowed,
                    _ => ExitCodes.HeadUnreachable,
                },
                error.Message,
                error.Hint);
        }
        catch (HttpRequestException error)
        {
            throw new HeadUnreachable(head, HeadHttp.Reason(error));
        }
        catch (JsonException)
        {
            throw new HeadUnreachable(head, "what answers there is no head of seqsweep");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HeadUnreachable(head, $"no answer in {HeadHttp.Patience.TotalSeconds:0} s");
        }
    }
}
