namespace SeqMnistSweep.Cli.Commands;

internal sealed class WorkerUndrain : Command
{
    private readonly Argument<string> _name = new("name") { HelpName = "NAME", Description = "a worker's name" };

    public WorkerUndrain(CommonOptions options)
        : base("undrain", "let a drained worker take trials again")
    {
        this.Takes(_name, options.Head, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            await using var session = await options.OpenHeadAsync(parsed, stop);
            var worker = await WorkerReference.RequireAsync(session, parsed.GetValue(_name)!, stop);
            await session.HeadAsync(head => head.Undrain(worker.Name, options.Action(parsed)), stop);
            options.Tell(parsed, new JsonObject { ["worker"] = worker.Name, ["action"] = "undrain" }, $"{worker.Name} takes trials again");
            return ExitCodes.Ok;
        });
    }
}
