using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class CloneCommand : Verb
{
    private readonly Argument<string> _sweep = Reference.Sweep();
    private readonly Option<string[]> _set = Value<string[]>("--set", "KEY=VALUE", "change a key, or one of a parameter; may be repeated");
    private readonly Option<string?> _name = Value<string?>("--name", "NAME", "another name");
    private readonly Option<string?> _to = Value<string?>("--to", "FILE", "a file that is not there yet; else standard output");

    public CloneCommand(CommonOptions options)
        : base("clone", "a sweep's file again, with changes", "Sweeps",
            ("seqsweep clone tcn-7f3k --set lr.max=0.1 --to wider.yaml", "then: seqsweep run wider.yaml"),
            ("seqsweep clone @last --set run_cap=200 --set \"optimizer.values=[Adam]\"", "keys of the file and of parameters"),
            ("seqsweep clone tcn-7f3k --set seeds.count=5 | seqsweep submit -", "without a file"))
    {
        this.Takes(_sweep, _set, _name, _to, options.Database, options.Head);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var sweep = await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop);
            var text = Changed(sweep, parsed.GetValue(_set) ?? [], parsed.GetValue(_name));
            SweepSource.Require(options.Context, SweepFile.Parse(text, parsed.GetValue(_to) ?? $"{sweep.Name}.yaml"));
            if (parsed.GetValue(_to) is not { } file)
            {
                options.Context.Out.Write(text.EndsWith('\n') ? text : text + "\n");
                return;
            }

            File.WriteAllText(TargetFile.Of(options.Context, file, $"{sweep.Name}.yaml", force: false), text);
            options.Tell(
                parsed, new JsonObject { ["sweep"] = sweep.Sweep, ["file"] = file },
                $"wrote {file}; to run it: seqsweep run {file}, or on a head: seqsweep submit {file}");
        });
    }

    private static string Changed(SweepRow sweep, IReadOnlyList<string> changes, string? name)
    {
        var text = sweep.Spec;
        foreach (var change in name is null ? changes : [.. changes, $"name={name}"])
        {
            var equals = change.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new CommandError(ExitCodes.Usage, $"'{change}' is no change", "write KEY=VALUE, such as lr.max=0.1");

            text = SweepFileEdit.Set(text, change[..equals], change[(equals + 1)..]) ?? throw new CommandError(
                ExitCodes.NotAllowed, $"{change[..equals]} of {sweep.Sweep} cannot be changed so: its file says it in another way",
                $"change it by hand: seqsweep show {sweep.Sweep} --config > FILE");
        }

        return text;
    }
}
