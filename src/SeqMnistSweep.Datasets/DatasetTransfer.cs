using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace SeqMnistSweep.Datasets;

/// <summary>One HTTP transfer of one file into a partial file, resumed by Range and If-Range where bytes are there already.</summary>
internal sealed class DatasetTransfer(HttpClient client, TimeSpan stallTimeout, TimeProvider time, long mostBytes)
{
    private long _received;

    /// <exception cref="TransferException">The mirror did not deliver a whole body; its content is not judged here.</exception>
    public async Task RunAsync(
        Uri source, string name, PartialFile partial, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(stallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellation);
        try
        {
            using var request = Request(source, partial);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token)
                .ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && IsWhole(response, partial, source)) return;

            stall.CancelAfter(stallTimeout);
            Refuse(response, partial);
            await ReceiveAsync(response, source, name, partial, progress, stall, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransferException($"stalled: no byte for {stallTimeout.TotalSeconds:0.###} s after {_received} bytes", false);
        }
        catch (HttpRequestException failure)
        {
            var isUnknown = failure.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound };
            throw new TransferException($"no answer: {Root(failure)}", isUnknown);
        }
        catch (HttpIOException failure)
        {
            throw new TransferException($"broke off after {_received} bytes: {failure.Message.TrimEnd('.')}", false);
        }
        catch (IOException failure) when (failure.InnerException is SocketException)
        {
            throw new TransferException($"broke off after {_received} bytes: {Root(failure)}", false);
        }
    }

    private static HttpRequestMessage Request(Uri source, PartialFile partial)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (partial.ValidatorOf(source) is { } validator && partial.ResumableFrom(source) is > 0 and var from)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.TryAddWithoutValidation("If-Range", validator);
        }

        return request;
    }

    /// <summary>416 to a resume means that there is nothing left when the mirror names our length as the whole.</summary>
    private static bool IsWhole(HttpResponseMessage response, PartialFile partial, Uri source) =>
        response.Content.Headers.ContentRange is { HasLength: true } range && range.Length == partial.ResumableFrom(source);

    private void Refuse(HttpResponseMessage response, PartialFile partial)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            partial.Delete();
            throw new TransferException("answered 416 to a resume", false);
        }

        if (!response.IsSuccessStatusCode)
        {
            var mayPass = status is 408 or 425 or 429 or >= 500;
            throw new TransferException($"answered {status} {response.ReasonPhrase}".TrimEnd(), !mayPass);
        }

        if (response.Content.Headers.ContentType?.MediaType is "text/html")
        {
            throw new TransferException("sent a web page (text/html) instead of the file", true);
        }

        if (response.Content.Headers.ContentLength is { } length && length > mostBytes)
        {
            throw new TransferException($"announces {length} bytes; expected at most {mostBytes}", true);
        }
    }

    private async Task ReceiveAsync(
        HttpResponseMessage response, Uri source, string name, PartialFile partial,
        IProgress<DownloadProgress>? progress, CancellationTokenSource stall, CancellationToken cancellation)
    {
        var from = partial.ResumableFrom(source);
        var range = response.Content.Headers.ContentRange;
        if (response.StatusCode == HttpStatusCode.PartialContent && (from == 0 || range?.From != from))
        {
            partial.Delete();
            throw new TransferException($"sent the wrong part of the file ({range?.ToString() ?? "without Content-Range"})", false);
        }

        // Whatever is not 206 is the whole file: the mirror does not resume, or has another version by now.
        var resumes = response.StatusCode == HttpStatusCode.PartialContent;
        _received = resumes ? from : 0;
        var total = response.Content.Headers.ContentLength + _received;
        await using var file = resumes ? partial.Append() : partial.Restart(source, Validator(response));
        await using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[81_920];
        progress?.Report(new DownloadProgress(name, _received, total, source));
        while (await body.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            stall.CancelAfter(stallTimeout);
            _received += read;
            if (_received > mostBytes) throw new TransferException($"sent more than {mostBytes} bytes", true);

            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            progress?.Report(new DownloadProgress(name, _received, total, source));
        }
    }

    /// <summary>A strong ETag, else the date; a weak ETag promises nothing about bytes.</summary>
    private static string? Validator(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R");

    private static string Root(Exception failure) => failure.GetBaseException().Message.TrimEnd('.');
}

/// <summary>Why one transfer failed; final when the same mirror would only say the same again.</summary>
internal sealed class TransferException(string reason, bool isFinal) : Exception(reason)
{
    public bool IsFinal { get; } = isFinal;
}
