using System.Text.Json;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary>The JSON that a request carries, and what is said of one that cannot be read.</summary>
internal static class RequestBody
{
    /// <summary>Null for the word null.</summary>
    /// <exception cref="ApiError">It is no JSON, or not the JSON that is asked for.</exception>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, CancellationToken stop)
    {
        if (!request.HasJsonContentType())
        {
            throw new ApiError(StatusCodes.Status415UnsupportedMediaType, NotJson(request.ContentType));
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, ResultJson.Options, stop);
        }
        catch (JsonException error)
        {
            throw Unreadable(error);
        }
    }

    public static ErrorBody NotJson(string? type) => new(
        "usage", $"the body must be application/json{(type is null ? "" : $", not '{type}'")}",
        "send the header Content-Type: application/json");

    public static ApiError Unreadable(JsonException error) => ApiError.BadRequest(
        $"the body is not the JSON that is asked for: {Problem(error)}",
        "NaN and the infinities are written as \"NaN\", \"Infinity\" and \"-Infinity\"");

    public static ApiError Unreadable(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status415UnsupportedMediaType => new ApiError(error.StatusCode, NotJson(null)),
        _ when error.InnerException is JsonException json => Unreadable(json),
        _ => new ApiError(error.StatusCode, new ErrorBody("usage", error.Message)),
    };

    /// <summary>What a value should be is said by the name of a type of ours, which says nothing to others.</summary>
    private static string Problem(JsonException error) =>
        error.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)
            ? $"the value of '{error.Path?.TrimStart('$').TrimStart('.')}' is not of that kind"
            : error.Message.Split(" Path:")[0];
}
