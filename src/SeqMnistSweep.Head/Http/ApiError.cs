using Microsoft.AspNetCore.Http.HttpResults;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary>A request that cannot be answered: its status, and a body that says why.</summary>
internal sealed class ApiError(int status, ErrorBody body) : Exception(body.Message)
{
    public int Status => status;

    public static ApiError NotFound(string message) => new(StatusCodes.Status404NotFound, new ErrorBody("not_found", message));

    public static ApiError BadRequest(string message, string? hint = null, int? position = null) =>
        new(StatusCodes.Status400BadRequest, new ErrorBody("usage", message, hint, position));

    /// <summary>Not allowed as things stand: a lease that has ended, an action that the sweep's state forbids.</summary>
    public static ApiError Conflict(string code, string message, string? hint = null) =>
        new(StatusCodes.Status409Conflict, new ErrorBody(code, message, hint));

    public static ApiError Unavailable(string message, string? hint = null) =>
        new(StatusCodes.Status503ServiceUnavailable, new ErrorBody("unavailable", message, hint));

    public JsonHttpResult<ErrorAnswer> ToResult() => TypedResults.Json(new ErrorAnswer(body), ResultJson.Options, statusCode: status);
}
