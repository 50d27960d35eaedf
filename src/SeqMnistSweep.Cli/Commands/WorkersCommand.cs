using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class WorkersCommand : Verb
{
    public WorkersCommand(CommonOptions options)
        : base(
            "workers",
            "the fleet: who takes trials, and what runs where",
            "Fleet",
            ("seqsweep workers", "every worker that the database has seen"),
            ("seqsweep workers -o json", "with tags, versions and what is in their slots"))
    {
        this.Takes(options.Database, options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var table = results is FileResults file
                ? Stored(file.Workers(), options.IsJson(parsed))
                : await LiveAsync(options, parsed, results.Head!, stop);
            options.Write(parsed, table);
            if (table.Rows == 0)
            {
                options.Context.Say($"no worker has joined yet; start one with: seqsweep worker{options.HeadArgument(parsed)}");
            }

            return ExitCodes.Ok;
        });
    }

    private static async Task<TableOutput> LiveAsync(CommonOptions options, ParseResult parsed, Uri head, CancellationToken stop)
    {
        await using var session = await HeadSession.OpenAsync(head, options.Context, stop);
        var json = options.IsJson(parsed);
        var table = new TableOutput(
            [
                "worker", "state", "device", "slots", "running", "trials", "tags", "version", "reason", "seen", "started", "programs",
                "idle_p50_ms", "idle_p99_ms", "memory", "memory_total",
            ]);
        foreach (var worker in await session.HeadAsync(grain => grain.GetWorkers(), stop))
        {
            table.Add(
                Cell.Of(worker.Name), Cell.Of(worker.State.ToName()), Cell.Of(worker.Device), Cell.Of((long)worker.Slots), Cell.Of(
                    (long)worker.Running.Length),
                List(worker.Running.Select(running => running.Trial.ToString()), json), List(worker.Tags, json), Cell
                    .Of(worker.Version), Cell.Of(worker.Reason),
                Time(worker.Seen), Time(worker.Started), Cell.Of(worker.AllowsPrograms), Cell.Of(worker.IdleP50Ms), Cell.Of(
                    worker.IdleP99Ms),
                Bytes(worker.Memory?.Used), Bytes(worker.Memory?.Total));
        }

        return table;
    }

    /// <summary>As the database has them: what runs where only the head knows.</summary>
    private static TableOutput Stored(IReadOnlyList<WorkerRow> workers, bool json)
    {
        var table = new TableOutput(["worker", "state", "device", "slots", "tags", "version", "reason", "seen", "started"]);
        foreach (var worker in workers)
        {
            table.Add(
                Cell.Of(worker.Worker), Cell.Of(worker.State), Cell.Of(worker.Device), Cell.Of(worker.Slots),
                List(JsonNode.Parse(worker.Tags)!.AsArray().Select(tag => (string)tag!), json),
                Cell.Of(worker.Version), Cell.Of(worker.DrainReason), Cell.Of(worker.Seen), Cell.Of(worker.Started));
        }

        return table;
    }

    private static Cell List(IEnumerable<string> items, bool json) =>
        json ? Cell.Of(new JsonArray([.. items.Select(item => JsonValue.Create(item))])) : Cell.Of(string.Join(' ', items));

    private static Cell Bytes(long? bytes) =>
        bytes is { } known
            ? new Cell(known, string.Create(CultureInfo.InvariantCulture, $"{known / (double)(1 << 30):0.0} GiB"))
            : Cell.Of((long?)null);

    private static Cell Time(DateTimeOffset? time) =>
        Cell.Of(time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}
