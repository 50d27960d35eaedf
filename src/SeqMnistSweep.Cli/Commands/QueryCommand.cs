namespace SeqMnistSweep.Cli.Commands;

internal sealed class QueryCommand : Verb
{
    private readonly Argument<string> _sql = Positional<string>("sql", "SQL",
        "one SELECT over the views sweeps, trials, reports, leaderboard, events, workers, checkpoints; - reads it from stdin");
    private readonly Option<int> _limit = Value("--limit", "N", "rows at most", 1000);
    private readonly Option<string> _timeout = Value("--timeout", "TIME", "time at most", "10s");

    public QueryCommand(CommonOptions options)
        : base("query", "read-only SQL over the results", "Results",
            ("seqsweep query \"select * from sweeps\"", "everything about every sweep"),
            ("seqsweep query \"select * from trials\" -o csv", "for another program"),
            ("seqsweep query - < report.sql", "from a file"))
    {
        this.Takes(_sql, options.Database, options.Head, _limit, _timeout);
        SetAction(async (parsed, cancellation) =>
        {
            var sql = parsed.GetValue(_sql)!;
            var query = new ReadOnlyQuery(sql == "-" ? options.Context.In.ReadToEnd() : sql, Limit(parsed.GetValue(_limit)))
            {
                Timeout = Duration(parsed.GetValue(_timeout)!),
            };
            using var results = await options.OpenResultsAsync(parsed, cancellation);
            var result = await RunAsync(query, results, cancellation);
            options.Write(parsed, TableOutput.Of(result.Columns, result.Rows, row => row));
            if (result.More)
            {
                var how = result.Rows.Count == query.MaxRows ? "--limit N" : "select less of each, or ask the file itself: --db FILE";
                options.Context.Say($"only the first {result.Rows.Count} rows; there are more: {how}");
            }
        });
    }

    private static async Task<QueryResult> RunAsync(ReadOnlyQuery query, ResultSource results, CancellationToken cancellation)
    {
        try
        {
            return await results.QueryAsync(query, cancellation);
        }
        catch (QueryException error) when (error.Position is { } position)
        {
            throw new CommandError(
                ExitCodes.Usage, $"{error.Message} (at character {position + 1}: {Around(query.Sql, position)})", error.Hint);
        }
    }

    private static string Around(string sql, int position) =>
        sql.Substring(Math.Min(position, sql.Length), Math.Min(30, sql.Length - Math.Min(position, sql.Length)));

    private static int Limit(int limit) =>
        limit >= 0 ? limit : throw new CommandError(ExitCodes.Usage, $"--limit {limit} is below 0", "give 0 or more rows");

    /// <summary><c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>; seconds without a unit.</summary>
    internal static TimeSpan Duration(string text)
    {
        var digits = text.TrimEnd('h', 'm', 's');
        var seconds = text[digits.Length..] switch { "ms" => 0.001, "" or "s" => 1, "m" => 60, "h" => 3600, _ => double.NaN };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * seconds is > 0 and < 1e7 and var known
            ? TimeSpan.FromSeconds(known)
            : throw new CommandError(ExitCodes.Usage, $"--timeout '{text}' is no time", "write 500ms, 10s, 2m or 1h");
    }
}
