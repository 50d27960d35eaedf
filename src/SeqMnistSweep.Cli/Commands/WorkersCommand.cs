using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class WorkersCommand : Verb
{
    public WorkersCommand(CommonOptions options)
        : base("workers", "the fleet: who takes trials, and what runs where", "Fleet",
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
        });
    }

    private static async Task<TableOutput> LiveAsync(CommonOptions options, ParseResult parsed, Uri head, CancellationToken stop)
    {
        await using var session = await HeadSession.OpenAsync(head, options.Context, stop, reads: true);
        if (session.IsInsecure)
        {
            options.Context.Say("the head trusts its network (--insecure): everybody who reaches it can steer it and run code on workers");
        }

        var json = options.IsJson(parsed);
        return TableOutput.Of(
            [
                "worker", "state", "device", "slots", "running", "trials", "tags", "version", "reason", "seen", "started", "programs",
                "idle_p50_ms", "idle_p99_ms", "memory", "memory_total", "utilization", "ecc_errors", "needs_reset", "xid", "fault",
                "fault_time",
            ],
            await session.HeadAsync(grain => grain.GetWorkers(), stop),
            worker =>
            [
                worker.Name, worker.State.ToName(), worker.Device, (long)worker.Slots, (long)worker.Running.Length,
                List(worker.Running.Select(running => running.Trial.ToString()), json), List(worker.Tags, json), worker.Version,
                worker.Reason, Time(worker.Seen), Time(worker.Started), worker.AllowsPrograms, worker.IdleP50Ms, worker.IdleP99Ms,
                Bytes(worker.Memory?.Used), Bytes(worker.Memory?.Total), worker.Health?.Utilization, worker.Health?.EccErrors,
                worker.Health?.NeedsReset, worker.Health?.Xid, worker.Health?.Fault, Time(worker.Health?.FaultTime),
            ]);
    }

    /// <summary>As the database has them: what runs where only the head knows.</summary>
    private static TableOutput Stored(IReadOnlyList<WorkerRow> workers, bool json) => TableOutput.Of(
        ["worker", "state", "device", "slots", "tags", "version", "reason", "seen", "started"],
        workers,
        worker =>
        [
            worker.Worker, worker.State, worker.Device, worker.Slots,
            List(JsonNode.Parse(worker.Tags)!.AsArray().Select(tag => (string)tag!), json), worker.Version, worker.DrainReason,
            Cell.Time(worker.Seen), Cell.Time(worker.Started),
        ]);

    private static object List(IEnumerable<string> items, bool json) =>
        json ? new JsonArray([.. items.Select(item => JsonValue.Create(item))]) : string.Join(' ', items);

    private static Cell? Bytes(long? bytes) => bytes is { } known
        ? new Cell(known, string.Create(CultureInfo.InvariantCulture, $"{known / (double)(1 << 30):0.0} GiB"))
        : null;

    private static Cell Time(DateTimeOffset? time) => Cell.Time(time is { } known ? Timestamp.Format(known) : null);
}
