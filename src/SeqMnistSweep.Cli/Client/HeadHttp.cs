using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace SeqMnistSweep.Cli.Client;

/// <summary>HTTP to a head: short time-outs, and what went wrong in words.</summary>
internal static class HeadHttp
{
    /// <summary>How long an ordinary answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The same of an action.</summary>
    public static readonly TimeSpan ActionPatience = TimeSpan.Parse(ISweepGrain.ActionTime, CultureInfo.InvariantCulture);

    public const string NoHead = "what answers there is no head of seqsweep";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Each call brings its own time-out, and shows the credential that this account has for the head.</summary>
    /// <param name="variable">Reads the environment.</param>
    public static HttpClient Create(Func<string, string?> variable) => new(new AccessHandler(
        variable, new PinnedHandler(head => HeadCredential.AuthorityOf(head, variable), ConnectTimeout)))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks who answers.</summary>
    /// <exception cref="HeadUnreachable">No head answers there.</exception>
    public static Task<HeadInfo> AskAsync(HttpClient client, Uri head, CancellationToken cancellation) => CallAsync(
        head,
        ConnectTimeout + Patience,
        "it does not answer in time",
        async limit =>
        {
            using var answer = await client.GetAsync(new Uri(head, "api/v1/cluster"), limit);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadFromJsonAsync<HeadInfo>(ResultJson.Options, limit)
                    ?? throw new HeadUnreachable(head, "its answer is empty")
                : throw new HeadUnreachable(head, $"it answers {(int)answer.StatusCode}");
        },
        cancellation);

    /// <summary>Posts to a path below <c>/api/v1</c>.</summary>
    /// <param name="body">Null sends none.</param>
    /// <param name="patience">Of an answer that takes longer than an ordinary one.</param>
    /// <exception cref="CommandError">The head refuses, in its own words, or none answers.</exception>
    public static Task<T> PostAsync<T>(
        HttpClient client, Uri head, string path, object? body, CancellationToken cancellation, TimeSpan? patience = null) =>
        AnswerAsync<T>(
            head, limit => client.PostAsJsonAsync(new Uri(head, $"api/v1/{path}"), body, ResultJson.Options, limit), cancellation,
            patience);

    /// <summary>Reads a path below <c>/api/v1</c>.</summary>
    /// <inheritdoc cref="PostAsync"/>
    public static Task<T> GetAsync<T>(HttpClient client, Uri head, string path, CancellationToken cancellation) =>
        AnswerAsync<T>(head, limit => client.GetAsync(new Uri(head, $"api/v1/{path}"), limit), cancellation);

    private static Task<T> AnswerAsync<T>(
        Uri head, Func<CancellationToken, Task<HttpResponseMessage>> ask, CancellationToken cancellation, TimeSpan? patience = null) =>
        CallAsync(head, patience ?? Patience, null, async limit =>
        {
            using var answer = await ask(limit);
            if (answer.StatusCode == HttpStatusCode.NoContent) return default!;

            if (answer.IsSuccessStatusCode) return (await answer.Content.ReadFromJsonAsync<T>(ResultJson.Options, limit))!;

            throw await ErrorAsync(answer, limit) is { } error
                ? new CommandError(CodeOf(answer.StatusCode), error.Message, error.Hint)
                : new HeadUnreachable(head, $"it answers {(int)answer.StatusCode}");
        }, cancellation);

    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => ExitCodes.NotFound,
        HttpStatusCode.BadRequest => ExitCodes.Usage,
        HttpStatusCode.ServiceUnavailable => ExitCodes.HeadUnreachable,
        _ => ExitCodes.NotAllowed,
    };

    /// <summary>Calls a head, and says in its own way what goes wrong on the way to it.</summary>
    /// <param name="late">What is said when <paramref name="patience"/> ends first; null for the usual.</param>
    /// <exception cref="HeadUnreachable">No head answers there in time.</exception>
    public static async Task<T> CallAsync<T>(
        Uri head, TimeSpan patience, string? late, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            return await call(limit.Token);
        }
        catch (HttpRequestException error)
        {
            throw error.InnerException as HeadUnreachable ?? new HeadUnreachable(head, Reason(error));
        }
        catch (JsonException)
        {
            throw new HeadUnreachable(head, NoHead);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HeadUnreachable(head, late ?? $"no answer in {patience.TotalSeconds:0.#} s");
        }
    }

    /// <exception cref="CommandError">The head is another version than this program.</exception>
    public static HeadInfo RequireSameVersion(this HeadInfo head, Uri address) => head.Version == ProgramVersion.Number
        ? head
        : throw new CommandError(
            ExitCodes.HeadUnreachable,
            $"the head at {address.GetLeftPart(UriPartial.Authority)} is seqsweep {head.Version}, this is {ProgramVersion.Number}",
            IsOlder(head.Version) ? "upgrade the head, then its workers" : "upgrade this program");

    private static string Reason(HttpRequestException error) => error.InnerException switch
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

    private static bool IsOlder(string version) =>
        Version.TryParse(version.Split('-')[0], out var theirs) && Version.TryParse(ProgramVersion.Number.Split('-')[0], out var ours)
            && theirs < ours;
}

/// <summary>No head answers, or one that cannot do it now: it may be down for a moment, being started again, or be elsewhere.</summary>
/// <param name="answers">Whether it was the head that said so.</param>
internal sealed class HeadUnreachable(Uri head, string why, string? hint = null, bool answers = false) : CommandError(
    ExitCodes.HeadUnreachable,
    answers
        ? $"the head at {head.GetLeftPart(UriPartial.Authority)} cannot do this at the moment: {why}"
        : $"no head answers at {head.GetLeftPart(UriPartial.Authority)}: {why}",
    hint ?? (answers ? "try again in a while" : "start one with: seqsweep head   (or name another with --head URL)"));
