using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using SeqMnistSweep.Files;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>The head's files over HTTP, up and down. Every file is known by its SHA-256, so what breaks off is gone on with and what
/// arrives is checked. While the head is away everything waits for it.</summary>
internal sealed class HeadFiles(HttpClient client, TimeProvider time)
{
    /// <summary>How many bytes of a file that is not whole the head has.</summary>
    public const string OffsetHeader = "Upload-Offset";

    /// <summary>A line slower than this counts as broken.</summary>
    private const double SlowestBytesPerSecond = 100_000;

    private const int MaxBroken = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <param name="token">What is shown to the head; null, or an answer of null, shows nothing.</param>
    /// <param name="tls">How an HTTPS head is known; null for what this machine trusts.</param>
    public static HttpClient CreateClient(Uri head, Func<Uri, string?>? token = null, SslClientAuthenticationOptions? tls = null) =>
        new(new BearerHandler(
            token ?? (_ => null),
            new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = tls ?? new SslClientAuthenticationOptions() }))
        {
            BaseAddress = new Uri(head.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };

    public static string PathOf(TrialId trial, CheckpointFile checkpoint) =>
        string.Create(CultureInfo.InvariantCulture, $"api/v1/checkpoints/{trial.Sweep}/{trial.Number}/{checkpoint.FileName}");

    /// <summary>Brings a file to the head. Tries until the head has it or says why it will not.</summary>
    /// <returns>Null when the head has it, else why not.</returns>
    /// <exception cref="IOException">The file cannot be read here.</exception>
    public async Task<UploadRefusal?> UploadAsync(string path, string file, CancellationToken cancellation)
    {
        var broken = 0;
        return await UntilAnsweredAsync<UploadRefusal?>(async attempt =>
        {
            var offset = attempt == 0 ? 0 : await OffsetAsync(path, cancellation);
            using var answer = await PutAsync(path, file, offset, cancellation);
            if (answer.IsSuccessStatusCode) return (true, null);

            var isFinal = WillNot(answer.StatusCode) || (answer.StatusCode == HttpStatusCode.UnprocessableEntity && ++broken == MaxBroken);
            var reason = isFinal ? await answer.Content.ReadAsStringAsync(cancellation) : "";
            return (isFinal, new UploadRefusal(
                answer.StatusCode, reason.Length > 0 ? reason : $"the head answered {(int)answer.StatusCode}"));
        }, cancellation);
    }

    /// <summary>Deletes a file of the head. Tries until the head answers.</summary>
    public Task DeleteAsync(string path, CancellationToken cancellation) => UntilAnsweredAsync(async _ =>
    {
        using var limit = Limit(0, cancellation);
        using var answer = await client.DeleteAsync(new Uri(path, UriKind.Relative), limit.Token);
        return (answer.IsSuccessStatusCode || WillNot(answer.StatusCode), 0);
    }, cancellation);

    /// <summary>Brings a file here: beside its place, then checked and renamed. Tries until it is here or the head has none.</summary>
    /// <param name="digest">Null where the file is not known by its content.</param>
    /// <returns>False when the head has no such file.</returns>
    /// <exception cref="IOException">It cannot be written here, or arrived damaged every time.</exception>
    public async Task<bool> DownloadAsync(string path, string file, string? digest, long bytes, CancellationToken cancellation)
    {
        PrivateFile.CreateMissingFolders(Path.GetDirectoryName(file)!);
        var partial = file + AtomicFile.PartialSuffix;
        var broken = 0;
        return await UntilAnsweredAsync(async _ =>
        {
            if (!await GetAsync(path, partial, bytes, cancellation)) return (true, false);

            if (digest is null || await Digest.OfFileAsync(partial, cancellation) == digest)
            {
                File.Move(partial, file, overwrite: true);
                return (true, true);
            }

            File.Delete(partial);
            return ++broken < MaxBroken ? (false, false) : throw new InvalidDataException(
                $"{client.BaseAddress}{path} does not have the SHA-256 {digest} it is named after, {MaxBroken} times in a row");
        }, cancellation);
    }

    /// <summary>A JSON answer of the head. Tries until it answers.</summary>
    /// <returns>The answer, or what the head said when it has none.</returns>
    public async Task<(T? Found, string Missing)> ReadAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        return await UntilAnsweredAsync<(T? Found, string Missing)>(async _ =>
        {
            using var limit = Limit(0, cancellation);
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
            return answer.IsSuccessStatusCode
                ? (true, (await answer.Content.ReadFromJsonAsync<T>(limit.Token), ""))
                : (answer.StatusCode == HttpStatusCode.NotFound, (null, await answer.Content.ReadAsStringAsync(limit.Token)));
        }, cancellation);
    }

    /// <summary>Asks again and again while the answer is not final or the head is away, and waits longer each time.</summary>
    private async Task<T> UntilAnsweredAsync<T>(Func<int, Task<(bool IsFinal, T Answer)>> ask, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var (isFinal, answer) = await ask(attempt);
                if (isFinal) return answer;
            }
            catch (Exception error) when (IsAway(error, cancellation))
            {
            }

            var wait = FirstWait * Math.Pow(2, Math.Min(attempt, 10));
            await Task.Delay(wait < MaxWait ? wait : MaxWait, time, cancellation);
        }
    }

    private async Task<long> OffsetAsync(string path, CancellationToken cancellation)
    {
        using var limit = Limit(0, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative));
        using var answer = await client.SendAsync(request, limit.Token);
        return answer.Headers.TryGetValues(OffsetHeader, out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : 0;
    }

    private async Task<HttpResponseMessage> PutAsync(string path, string file, long offset, CancellationToken cancellation)
    {
        // One that is gone from here was uploaded before, as a checkpoint with the same bytes: the head looks at its name alone.
        await using var stream = File.Exists(file) ? File.OpenRead(file) : Stream.Null;
        var total = stream.Length;
        if (offset >= total)
        {
            offset = 0;
        }

        stream.Position = offset;
        using var limit = Limit(total - offset, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(path, UriKind.Relative));
        request.Content = new FilePart(stream, total - offset);
        if (offset > 0)
        {
            request.Content.Headers.ContentRange = new ContentRangeHeaderValue(offset, total - 1, total);
        }

        return await client.SendAsync(request, limit.Token);
    }

    /// <returns>False when the head has no such file.</returns>
    private async Task<bool> GetAsync(string path, string partial, long bytes, CancellationToken cancellation)
    {
        var have = File.Exists(partial) ? new FileInfo(partial).Length : 0;
        if (have >= bytes)
        {
            File.Delete(partial);
            have = 0;
        }

        using var limit = Limit(bytes - have, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return false;

        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
        await using var target = PrivateFile.Open(
            partial, answer.StatusCode == HttpStatusCode.PartialContent ? FileMode.Append : FileMode.Create, FileAccess.Write);
        await body.CopyToAsync(target, limit.Token);
        target.Flush(flushToDisk: true);
        return true;
    }

    private static CancellationTokenSource Limit(long bytes, CancellationToken cancellation)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond));
        return limit;
    }

    /// <summary>A refusal that asking again would not change.</summary>
    private static bool WillNot(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone
        or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.InsufficientStorage;

    private static bool IsAway(Exception error, CancellationToken cancellation) =>
        error is HttpRequestException or HttpIOException or IOException { InnerException: SocketException }
            or System.Text.Json.JsonException
        || (error is OperationCanceledException && !cancellation.IsCancellationRequested);
}

/// <summary>Why the head does not take a file.</summary>
/// <param name="Status">Its answer.</param>
internal sealed record UploadRefusal(HttpStatusCode Status, string Reason)
{
    /// <summary>The trial is no longer this attempt's: the head would take nothing else of it either.</summary>
    public bool IsOfAll => Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone;
}
