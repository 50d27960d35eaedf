using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary>Gives every answer that is no success a body that says why. What a caller did wrong is told to them and not logged; what nobody
/// foresaw is logged, and told without its inside.</summary>
internal sealed partial class ErrorBodies(RequestDelegate next, ILogger<ErrorBodies> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            await (ApiRoutes.Known(error) ?? Unforeseen(http, error)).ToResult().ExecuteAsync(http);
            return;
        }

        var answer = http.Response;
        if (answer is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentLength: null, ContentType: null }
            && !HttpMethods.IsHead(http.Request.Method))
        {
            await Of(http).ToResult().ExecuteAsync(http);
        }
    }

    /// <summary>Of an answer that says nothing but its status.</summary>
    private static ApiError Of(HttpContext http)
    {
        var (status, request) = (http.Response.StatusCode, http.Request);
        return new ApiError(status, status switch
        {
            StatusCodes.Status404NotFound => new ErrorBody("not_found", $"there is no '{request.Path}'"),
            StatusCodes.Status405MethodNotAllowed => new ErrorBody(
                "usage", $"'{request.Path}' does not take {request.Method}", $"it takes {http.Response.Headers.Allow}"),
            StatusCodes.Status415UnsupportedMediaType => RequestBody.NotJson(request.ContentType),
            _ => new ErrorBody(status < 500 ? "usage" : "unavailable", ReasonPhrases.GetReasonPhrase(status)),
        });
    }

    private ApiError Unforeseen(HttpContext http, Exception error)
    {
        LogFailed(error, http.Request.Method, http.Request.Path);
        return new ApiError(StatusCodes.Status500InternalServerError, new ErrorBody(
            "internal", "the head failed at this request, which is a bug of it", "its log says where: logs/head.log beside the database"));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogFailed(Exception error, string method, string path);
}
