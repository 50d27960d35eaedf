using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Http;

/// <summary>What cannot be answered, as a status and a body that says why.</summary>
internal static class ApiErrors
{
    public static IResult NotFound(string message) => Answer(StatusCodes.Status404NotFound, new ErrorBody("not_found", message));

    public static IResult BadRequest(string message, string? hint = null) => Answer(StatusCodes.Status400BadRequest, new ErrorBody("usage", message, hint));

    /// <summary>Not allowed as things stand: a lease that has ended, a sweep that does not take it.</summary>
    public static IResult Conflict(string code, string message, string? hint = null) => Answer(StatusCodes.Status409Conflict, new ErrorBody(code, message, hint));

    public static IResult Unavailable(string message, string? hint = null) => Answer(StatusCodes.Status503ServiceUnavailable, new ErrorBody("unavailable", message, hint));

    public static IResult Refused(string message, string? hint = null) => Answer(StatusCodes.Status409Conflict, new ErrorBody("refused", message, hint));

    public static async ValueTask<object?> CatchAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (QueryException error)
        {
            return Answer(StatusCodes.Status400BadRequest, new ErrorBody("usage", error.Message, error.Hint, error.Position));
        }
        catch (SweepRefusedException refused)
        {
            return Refused(refused.Message);
        }
        catch (TimeoutException)
        {
            return Unavailable("the head did not answer in time", "it is busy or starting; try again");
        }
        catch (DatabaseException error)
        {
            return Unavailable(error.Message, error.Hint);
        }
        catch (DatabaseMissingException error)
        {
            return Unavailable(error.Message);
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.Empty;
        }
    }

    private static JsonHttpResult<ErrorAnswer> Answer(int status, ErrorBody error) => TypedResults.Json(new ErrorAnswer(error), ResultJson.Options, statusCode: status);
}
