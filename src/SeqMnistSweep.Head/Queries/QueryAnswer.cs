using System.Text.Json;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Queries;

/// <summary>The life of a query's process: one query, one answer.</summary>
public static class QueryAnswer
{
    /// <param name="told">A <see cref="QueryTask"/>; null when the head has gone already.</param>
    public static void Write(string? told, Stream output, TimeProvider time)
    {
        if (told is null) return;

        var task = QueryLines.Read<QueryTask>(told);
        var query = new ReadOnlyQuery(task.Sql, task.MaxRows)
        {
            Timeout = TimeSpan.FromSeconds(task.Seconds), Limits = QueryLimits.OfStranger,
        };
        using var lines = new StreamWriter(output) { AutoFlush = true };
        lines.Write($"{QueryLines.Begins}\n");
        var (outcome, result) = Run(query, task.Database, time);
        lines.Write($"{QueryLines.Write(outcome)}\n");
        if (result is not null)
        {
            using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = ResultJson.Options.Encoder });
            JsonSerializer.Serialize(json, result, ResultJson.Options);
        }
    }

    private static (QueryOutcome Outcome, QueryResult? Result) Run(ReadOnlyQuery query, string database, TimeProvider time)
    {
        try
        {
            return (new QueryOutcome(QueryEnd.Answered), query.Run(database, time));
        }
        catch (QueryException error)
        {
            return (new QueryOutcome(QueryEnd.Refused, error.Message, error.Hint, error.Position), null);
        }
        catch (DatabaseException error)
        {
            return (new QueryOutcome(QueryEnd.Failed, error.Message, error.Hint), null);
        }
        catch (DatabaseMissingException error)
        {
            return (new QueryOutcome(QueryEnd.Failed, error.Message), null);
        }
    }
}
