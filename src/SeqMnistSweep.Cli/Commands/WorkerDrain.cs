namespace SeqMnistSweep.Cli.Commands;

internal sealed class WorkerDrain : Command
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly Argument<string> _name = new("name") { HelpName = "NAME", Description = "a worker's name" };
    private readonly Option<bool> _wait = new("--wait") { Description = "return when nothing runs there any more" };

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
                $"{now.Name} {(now.Running.IsEmpty ? "is empty and takes no trials" : $"gives {now.Running.Length} trial(s) back")}; to "
                    + $"take it in again: seqsweep worker undrain {now.Name}{options.HeadArgument(parsed)}");
            return ExitCodes.Ok;
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
