namespace SeqMnistSweep.Cli.Commands;

internal sealed class WorkerDrain : Command
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly Argument<string> _name = Positional<string>("name", "WORKER", "a worker's name");
    private readonly Option<bool> _wait = Flag("--wait", "return when nothing runs there any more");

    public WorkerDrain(CommonOptions options)
        : base("drain", "take no more trials on a worker; what runs there moves, until: worker undrain NAME")
    {
        this.Takes(_name, options.Head, options.Reason, _wait);
        SetAction(async (parsed, stop) =>
        {
            await using var session = await options.OpenHeadAsync(parsed, stop);
            var worker = await WorkerReference.RequireAsync(session, parsed.GetValue(_name)!, stop);
            await session.HeadAsync(head => head.Drain(worker.Name, options.Action(parsed)), stop);
            if (parsed.GetValue(_wait))
            {
                await UntilEmptyAsync(session, worker, options.Context, stop);
            }

            var now = await WorkerReference.RequireAsync(session, worker.Name, stop);
            options.Tell(
                parsed,
                new JsonObject { ["worker"] = now.Name, ["state"] = now.State.ToName(), ["running"] = now.Running.Length },
                $"{now.Name} {(now.Running.IsEmpty ? "is empty and takes no trials" : $"gives {Plural.Of(now.Running.Length, "trial")} back")}; to "
                    + $"take it in again: seqsweep worker undrain {now.Name}{options.HeadArgument(parsed)}");
        });
    }

    private static async Task UntilEmptyAsync(HeadSession session, WorkerInfo worker, CommandContext context, CancellationToken stop)
    {
        var told = -1;
        while (!worker.Running.IsEmpty && worker.State is not (WorkerState.Gone or WorkerState.Lost))
        {
            if (worker.Running.Length != told)
            {
                told = worker.Running.Length;
                context.Say(
                    $"{worker.Name} still has {string.Join(", ", worker.Running.Take(5).Select(running => running.Trial.ToString()))}"
                        + (told > 5 ? $" and {told - 5} more" : ""));
            }

            await Task.Delay(Every, context.Time, stop);
            worker = await WorkerReference.RequireAsync(session, worker.Name, stop);
        }
    }
}

internal sealed class WorkerUndrain : Command
{
    private readonly Argument<string> _name = Positional<string>("name", "WORKER", "a worker's name");

    public WorkerUndrain(CommonOptions options)
        : base("undrain", "let a drained worker take trials again")
    {
        this.Takes(_name, options.Head, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            await using var session = await options.OpenHeadAsync(parsed, stop);
            var worker = await WorkerReference.RequireAsync(session, parsed.GetValue(_name)!, stop);
            await session.HeadAsync(head => head.Undrain(worker.Name, options.Action(parsed)), stop);
            var sentence = worker.State is WorkerState.Gone or WorkerState.Lost
                ? $"{worker.Name} is not there now ({worker.State.ToName()}); once it is, it takes trials"
                : $"{worker.Name} takes trials again";
            options.Tell(parsed, new JsonObject { ["worker"] = worker.Name, ["action"] = "undrain" }, sentence);
        });
    }
}

/// <summary>A worker by its name, before anything is asked of it.</summary>
internal static class WorkerReference
{
    /// <exception cref="CommandError">The head knows no such worker, or does not answer.</exception>
    public static async Task<WorkerInfo> RequireAsync(HeadSession session, string name, CancellationToken cancellation)
    {
        var workers = await session.HeadAsync(head => head.GetWorkers(), cancellation);
        if (workers.FirstOrDefault(worker => worker.Name == name) is { } found) return found;

        var nearest = NearestName.Of(name, workers.Select(worker => worker.Name));
        throw new CommandError(
            ExitCodes.NotFound, $"there is no worker '{name}'",
            nearest is null ? "all of them: seqsweep workers" : $"did you mean '{nearest}'?");
    }
}
