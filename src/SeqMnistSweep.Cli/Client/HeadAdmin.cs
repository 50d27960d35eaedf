using System.Net;
using System.Net.Http.Json;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Asks a head for what only its admins may, over HTTP.</summary>
internal static class HeadAdmin
{
    /// <returns>The answer's body; null for an answer without one.</returns>
    /// <exception cref="CommandError">The head refuses, or does not answer.</exception>
    public static Task<TAnswer?> PostAsync<TBody, TAnswer>(
        Uri head, string path, TBody body, CommandContext context, CancellationToken cancellation)
        where TAnswer : class => HeadHttp.CallAsync(head, HeadHttp.Patience, null, async limit =>
        {
            using var client = HeadHttp.Create(context.Variable);
            using var answer = await client.PostAsJsonAsync(new Uri(head, $"api/v1/{path}"), body, ResultJson.Options, limit);
            if (answer.StatusCode == HttpStatusCode.NoContent) return null;

            if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync<TAnswer>(ResultJson.Options, limit);

            var error = await HeadHttp.ErrorAsync(answer, limit);
            throw new CommandError(
                answer.StatusCode switch
                {
                    HttpStatusCode.NotFound => ExitCodes.NotFound,
                    HttpStatusCode.BadRequest => ExitCodes.Usage,
                    _ => ExitCodes.NotAllowed,
                },
                error?.Message ?? $"the head answers {(int)answer.StatusCode}", error?.Hint);
        }, cancellation);
}
