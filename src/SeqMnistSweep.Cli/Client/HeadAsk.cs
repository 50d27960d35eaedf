using System.Net;
using System.Net.Http.Json;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Asks a head for trials and tells it of them, over HTTP as any program may.</summary>
internal sealed class HeadAsk(HttpClient client, Uri head, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a head that is still starting is asked again: every word may be repeated.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    public Task<AskAnswer> AskAsync(string sweep, AskRequest request, CancellationToken cancellation) =>
        PostAsync<AskRequest, AskAnswer>(sweep, "ask", request, cancellation);

    public Task<ReportAnswer> ReportAsync(string sweep, ReportRequest request, CancellationToken cancellation) =>
        PostAsync<ReportRequest, ReportAnswer>(sweep, "report", request, cancellation);

    public Task<TellAnswer> TellAsync(string sweep, TellRequest request, CancellationToken cancellation) =>
        PostAsync<TellRequest, TellAnswer>(sweep, "tell", request, cancellation);

    private Uri At(string sweep, string verb) => new(head, $"api/v1/sweeps/{Uri.EscapeDataString(sweep)}/{verb}");

    private Task<TAnswer> PostAsync<TRequest, TAnswer>(string sweep, string verb, TRequest request, CancellationToken cancellation) =>
        HeadHttp.CallAsync(head, HeadHttp.Patience, null, async limit =>
        {
            var start = time.GetTimestamp();
            while (true)
            {
                using var answer = await client.PostAsJsonAsync(At(sweep, verb), request, ResultJson.Options, limit);
                if (answer.IsSuccessStatusCode)
                {
                    return (await answer.Content.ReadFromJsonAsync<TAnswer>(ResultJson.Options, limit))!;
                }

                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || time.GetElapsedTime(start) >= StartPatience)
                {
                    throw await RefusedAsync(answer, limit);
                }

                await Task.Delay(RetryDelay, time, limit);
            }
        }, cancellation);

    private async Task<CommandError> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var code = answer.StatusCode switch
        {
            HttpStatusCode.BadRequest => ExitCodes.Usage,
            HttpStatusCode.NotFound => ExitCodes.NotFound,
            HttpStatusCode.Conflict => ExitCodes.NotAllowed,
            _ => ExitCodes.HeadUnreachable,
        };
        return await HeadHttp.ErrorAsync(answer, cancellation) is { } error
            ? new CommandError(code, error.Message, error.Hint)
            : new HeadUnreachable(head, $"it answers {(int)answer.StatusCode}");
    }
}
