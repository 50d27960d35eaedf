using System.Net.Http.Headers;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Shows a head this account's credential with every request, and throws what a head says that does not take it.</summary>
/// <remarks>The credential is looked for each time: a head that was started again takes another one.</remarks>
internal sealed class AccessHandler(Func<string, string?> variable, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var head = new Uri(request.RequestUri!.GetLeftPart(UriPartial.Authority));
        var shown = HeadCredential.Find(head, variable);
        if (shown is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shown.Token);
        }

        var answer = await base.SendAsync(request, cancellationToken);
        if (await HeadRefuses.OfAsync(answer, head, shown, cancellationToken) is not { } refusal) return answer;

        answer.Dispose();
        throw refusal;
    }
}
