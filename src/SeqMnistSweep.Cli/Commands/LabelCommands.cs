namespace SeqMnistSweep.Cli.Commands;

/// <summary>A verb that changes what people keep of sweeps.</summary>
internal abstract class LabelVerb(string name, string description, params (string Line, string What)[] examples)
    : Verb(name, description, "Sweeps", examples)
{
    protected static async Task LabelAsync(
        CommonOptions options, ParseResult parsed, IEnumerable<string> references, Func<LabelRequest, LabelRequest> with, string verb,
        CancellationToken stop)
    {
        await using var session = await options.OpenControlAsync(parsed, stop);
        foreach (var reference in references)
        {
            var sweep = await SweepReference.IdAsync(session.Results, reference, stop);
            var request = with(new LabelRequest(options.Action(parsed)));
            await session.SweepAsync(sweep, grain => grain.Label(request), stop);
            options.Tell(
                parsed, new JsonObject { ["sweep"] = sweep.Value, ["action"] = verb },
                request.What.Length == 0 ? sweep.Value : $"{sweep}: {request.What}");
        }
    }
}

internal sealed class ArchiveCommand : LabelVerb
{
    private readonly Argument<string[]> _sweeps = Reference.Sweeps();
    private readonly Option<bool> _undo = Flag("--undo", "show it in lists again");

    public ArchiveCommand(CommonOptions options)
        : base("archive", "leave sweeps that have ended out of lists",
            ("seqsweep archive tcn-7f3k", "list leaves it out; its id is still understood"),
            ("seqsweep archive tcn-7f3k --undo", "take it back"),
            ("seqsweep list --archived", "what is put away"))
    {
        this.Takes(_sweeps, _undo, options.Database, options.Head, options.Reason);
        SetAction((parsed, stop) => LabelAsync(
            options, parsed, parsed.GetValue(_sweeps)!, request => request with { Archived = !parsed.GetValue(_undo) }, "archive", stop));
    }
}

internal sealed class RenameCommand : LabelVerb
{
    private readonly Argument<string> _sweep = Reference.Sweep();
    private readonly Argument<string> _title = Positional<string>("title", "TITLE", "what it is called; \"\" takes that back");

    public RenameCommand(CommonOptions options)
        : base("rename", "give a sweep a title; its id stays",
            ("seqsweep rename tcn-7f3k \"wide kernels, second try\"", "shown beside its id, and understood in its place"))
    {
        this.Takes(_sweep, _title, options.Database, options.Head, options.Reason);
        SetAction((parsed, stop) => LabelAsync(
            options, parsed, [parsed.GetValue(_sweep)!], request => request with { Title = parsed.GetValue(_title)!.Trim() }, "rename",
            stop));
    }
}

internal sealed class NoteCommand : LabelVerb
{
    private readonly Argument<string> _sweep = Reference.Sweep();
    private readonly Argument<string?> _text = Positional<string?>(
        "text", "[TEXT]", "what is to be remembered; - reads it; \"\" takes it away; without one the note is printed",
        ArgumentArity.ZeroOrOne);

    public NoteCommand(CommonOptions options)
        : base("note", "keep a note with a sweep, or print it",
            ("seqsweep note tcn-7f3k \"lr above 1e-2 diverges\"", "keeps it"),
            ("seqsweep note tcn-7f3k", "prints it"),
            ("seqsweep note tcn-7f3k - < findings.txt", "a note of several lines"))
    {
        this.Takes(_sweep, _text, options.Database, options.Head, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(_text) is { } text)
            {
                var note = text == "-" ? await options.Context.In.ReadToEndAsync(stop) : text;
                await LabelAsync(
                    options, parsed, [parsed.GetValue(_sweep)!], request => request with { Note = note.Trim() }, "note", stop);
                return;
            }

            using var results = await options.OpenResultsAsync(parsed, stop);
            var sweep = await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop);
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, new JsonObject { ["sweep"] = sweep.Sweep, ["note"] = sweep.Note });
                return;
            }

            foreach (var line in (sweep.Note ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                options.Context.Out.WriteLine(TableOutput.Plain(line));
            }

            if (sweep.Note is null)
            {
                options.Context.Say($"{sweep.Sweep} has no note; to keep one: seqsweep note {sweep.Sweep} TEXT");
            }
        });
    }
}

internal sealed class TagCommand : LabelVerb
{
    private readonly Argument<string> _sweep = Reference.Sweep();
    private readonly Argument<string[]> _tags =
        Positional<string[]>("tags", "[TAG...]", "tags that it gets; without any they are printed", ArgumentArity.ZeroOrMore);

    private readonly Option<string[]> _remove = Value<string[]>("--remove", "TAG", "a tag that it loses; may be repeated");

    public TagCommand(CommonOptions options)
        : base("tag", "tag a sweep, or print its tags",
            ("seqsweep tag tcn-7f3k paper keep", "two tags more"),
            ("seqsweep tag tcn-7f3k --remove keep", "one less"),
            ("seqsweep list --tag paper", "all sweeps with it"))
    {
        this.Takes(_sweep, _tags, _remove, options.Database, options.Head, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            var (added, removed) = (parsed.GetValue(_tags) ?? [], parsed.GetValue(_remove) ?? []);
            if (added.Length + removed.Length > 0)
            {
                await LabelAsync(
                    options, parsed, [parsed.GetValue(_sweep)!],
                    request => request with { AddTags = [.. added], RemoveTags = [.. removed] }, "tag", stop);
                return;
            }

            using var results = await options.OpenResultsAsync(parsed, stop);
            var sweep = await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop);
            options.Write(parsed, TableOutput.Of(["tag"], sweep.ReadTags(), tag => [tag]));
        });
    }
}
