namespace SeqMnistSweep.Cli.Commands;

internal sealed class WorkerRevoke : Command
{
    private readonly Argument<string> _name = Positional<string>("name", "WORKER", "a worker's name");

    public WorkerRevoke(CommonOptions options)
        : base("revoke", "take a worker's certificate and key, now, and end the join line by which it came")
    {
        this.Takes(_name, options.Head, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            var name = parsed.GetValue(_name)!;
            using var client = HeadHttp.Create(options.Context.Variable);
            await HeadHttp.PostAsync<object?>(
                client, options.HeadOf(parsed), $"workers/{Uri.EscapeDataString(name)}/revoke", options.Action(parsed), stop);
            options.Tell(
                parsed, new JsonObject { ["worker"] = name, ["action"] = "revoke" },
                $"{name} is out; the join line by which it came has ended, for a new one: seqsweep join-line");
        });
    }
}
