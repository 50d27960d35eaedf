using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>Options that verbs share, and the world they run in.</summary>
internal sealed class CommonOptions
{
    public CommonOptions(CommandContext context)
    {
        Context = context;
        Output.AcceptOnlyFromAmong(OutputFormat.All);
        Color.AcceptOnlyFromAmong("auto", "always", "never");
    }

    public CommandContext Context { get; }

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "table, json, jsonl or csv",
        HelpName = "FORMAT",
        Recursive = true,
        DefaultValueFactory = _ => OutputFormat.Table,
    };

    public Option<string> Color { get; } = new("--color")
    {
        Description = "auto, always or never",
        HelpName = "WHEN",
        Recursive = true,
        DefaultValueFactory = _ => "auto",
    };

    public Option<string> Database { get; } = Value("--db", "FILE", "the database", CommandContext.UsualDatabase);

    public Option<string?> Head { get; } =
        Value<string?>(
            "--head", "URL", "the head or run (or SEQSWEEP_HEAD; else who has the database, or http://127.0.0.1:8080)");

    public Option<string?> Reason { get; } = Value<string?>("--reason", "TEXT", "why, for the event log");

    public static Option<string?> Data() =>
        Value<string?>("--data", "DIR", "a folder with a folder per dataset, looked at first (SEQSWEEP_DATA after it)");

    public static Option<string?> Libtorch() =>
        Value<string?>("--libtorch", "DIR", "use this libtorch (or SEQSWEEP_LIBTORCH); auto: that of an installed PyTorch");

    public static Option<string> Device() =>
        Value("--device", "DEVICE", "auto, cpu, cuda, cuda:N, or several GPUs for a slot: cuda:0,1", "auto");

    public static Option<string?> Slots() => Value<string?>("--slots", "N",
        "trials at the same time; when absent, or auto, on a CPU one per core, on a GPU what is measured, with auto:N at most N");

    public static Option<bool> NoMps() =>
        Flag("--no-mps", "start no NVIDIA MPS for several trials on a GPU: they take turns on it");

    public static Option<int?> HttpPort() =>
        Value<int?>("--http-port", "N", "the dashboard's port on this machine; a free one when absent");

    public static Option<bool> Insecure() =>
        Flag("--insecure", "trust the network: nothing is encrypted, and nobody is asked who they are; for head and workers alike");

    public bool IsJson(ParseResult parsed) => parsed.GetValue(Output) is OutputFormat.Json or OutputFormat.JsonLines;

    /// <summary>The file itself, also where a link leads to it: checkpoints and logs lie beside the file.</summary>
    public string DatabasePath(ParseResult parsed) =>
        ResultDatabase.RealPathOf(Path.GetFullPath(parsed.GetValue(Database) ?? CommandContext.UsualDatabase, Context.Folder));

    /// <summary>The head or run that is meant: where none is named that of the database of this folder or of <c>--db</c>, if a process of
    /// this account has it.</summary>
    public Uri HeadOf(ParseResult parsed) =>
        (IsHeadNamed(parsed) ? null : HolderOf(parsed)) ?? HeadAddress.Of(parsed.GetValue(Head), Context.Variable);

    /// <summary>Where the process of this account is reached that has the database; null without one.</summary>
    public Uri? HolderOf(ParseResult parsed) =>
        HeadAddress.HolderOf(DatabasePath(parsed), Context.Variable) is { } file ? new Uri(file.Url) : null;

    /// <summary>What the next command needs to reach the same head: empty, or <c> --head URL</c>.</summary>
    public string HeadArgument(ParseResult parsed) => parsed.GetValue(Head) is { } head ? $" --head {head}" : "";

    /// <summary>The command that goes on with a sweep of the database that nobody holds.</summary>
    public string GoOn(ParseResult parsed, string sweep) => $"seqsweep run {sweep}{Context.DatabaseArgument(DatabasePath(parsed))}";

    /// <summary>Who asks and why, for the event log.</summary>
    public SweepAction Action(ParseResult parsed) =>
        new(HeadSession.By, parsed.GetValue(Reason) is { Length: > 0 } reason ? reason : "no reason given");

    /// <summary>What a command did: an object on stdout with <c>-o json</c>, else a sentence on stderr.</summary>
    public void Tell(ParseResult parsed, JsonObject did, string sentence)
    {
        if (IsJson(parsed))
        {
            WriteJson(parsed, did);
        }
        else
        {
            Context.Say(sentence);
        }
    }

    /// <summary>A value on stdout: indented with <c>-o json</c>, on one line with <c>-o jsonl</c>.</summary>
    public void WriteJson(ParseResult parsed, JsonNode value) =>
        Context.Out.WriteLine(TableOutput.ToText(value, parsed.GetValue(Output) == OutputFormat.Json));

    /// <param name="reads">Whether the command changes nothing.</param>
    /// <exception cref="CommandError">No head answers, or one of another version.</exception>
    public Task<HeadSession> OpenHeadAsync(ParseResult parsed, CancellationToken cancellation, bool reads = false) =>
        HeadSession.OpenAsync(HeadOf(parsed), Context, cancellation, reads);

    /// <summary>Where a sweep can be changed: at the head or run, else, where none is named and none answers, in the database of this
    /// folder, or in the one that is named with <c>--db</c>, as long as nobody else has it.</summary>
    /// <exception cref="CommandError">No head answers, and there is no database.</exception>
    /// <exception cref="DatabaseException">A head or a run has it.</exception>
    /// <param name="endsLeases">As in <see cref="LocalLink.OpenAsync"/>.</param>
    public async Task<HeadSession> OpenControlAsync(ParseResult parsed, CancellationToken cancellation, bool endsLeases = false)
    {
        var (file, fileNamed) = (DatabasePath(parsed), parsed.GetResult(Database) is { Implicit: false });
        if (!fileNamed || HolderOf(parsed) is not null)
        {
            try
            {
                return await OpenHeadAsync(parsed, cancellation);
            }
            catch (CommandError error) when (error is HeadUnreachable or HeadRefuses && !IsHeadNamed(parsed) && File.Exists(file)
                && HolderOf(parsed) is null)
            {
                // As below.
            }
        }

        return File.Exists(file)
            ? HeadSession.Of(await LocalLink.OpenAsync(file, endsLeases, Context.Time), file, Context)
            : throw new DatabaseMissingException(file);
    }

    /// <summary>What the next command needs to look at the same sweeps.</summary>
    public string SourceArgument(ParseResult parsed, ResultSource results) =>
        results is FileResults file ? Context.DatabaseArgument(file.Path) : HeadArgument(parsed);

    /// <summary>What follows a change: where to watch it, or how to go on with it.</summary>
    public string Next(ParseResult parsed, HeadSession session, SweepId sweep) => session.IsLocal
        ? $"to go on: {GoOn(parsed, sweep.Value)}"
        : $"follow it: seqsweep watch {sweep}{HeadArgument(parsed)}";

    /// <summary>The results that the command is about: <c>--db</c> wins, then <c>--head</c> or SEQSWEEP_HEAD; without any of them the file
    /// of this folder, else the head of this machine if one answers.</summary>
    /// <exception cref="CommandError">There are none: no file, and no head answers.</exception>
    public async Task<ResultSource> OpenResultsAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (file, fileNamed) = (DatabasePath(parsed), parsed.GetResult(Database) is { Implicit: false });
        if (ReadsFile(fileNamed, File.Exists(file), IsHeadNamed(parsed))) return new FileResults(new ResultReader(file), Context.Time);

        var head = HeadOf(parsed);
        var client = HeadHttp.Create(Context.Variable);
        try
        {
            (await HeadHttp.AskAsync(client, head, cancellation)).RequireSameVersion(head);
            return new HeadResults(client, head);
        }
        catch (HeadUnreachable error) when (!IsHeadNamed(parsed))
        {
            client.Dispose();
            throw new CommandError(
                ExitCodes.NotFound,
                $"there is no database {file}, and {error.Message}",
                "start one with: seqsweep run FILE   (or name one with --db FILE or --head URL)");
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public static bool ReadsFile(bool fileNamed, bool fileExists, bool headNamed) => fileNamed || (!headNamed && fileExists);

    /// <summary>Whether somebody named a head, by <c>--head</c> or SEQSWEEP_HEAD.</summary>
    public bool IsHeadNamed(ParseResult parsed) =>
        parsed.GetValue(Head) is not null || Context.Variable(HeadAddress.Variable) is { Length: > 0 };

    public ConsoleProfile OutProfile(ParseResult parsed) => Context.OutProfile(parsed.GetValue(Color)!);

    /// <summary>Writes the table as <c>-o</c> asks, and says so when a terminal was too narrow for it.</summary>
    public void Write(ParseResult parsed, TableOutput table)
    {
        var missing = table.Write(Context.Out, parsed.GetValue(Output)!, OutProfile(parsed));
        if (missing > 0)
        {
            Context.Say($"{Plural.Of(missing, "more column")} than this terminal has room for: -o csv or -o json has them all");
        }
    }

    public void Write(ParseResult parsed, Details details) => details.Write(Context.Out, parsed.GetValue(Output)!, OutProfile(parsed));

    /// <summary>Whether errors are to be JSON, told from the bare arguments: they may be the error.</summary>
    public static bool WantsJson(IReadOnlyList<string> args) => args.Select((arg, i) => arg switch
    {
        "-o" or "--output" => i + 1 < args.Count ? args[i + 1] : "",
        _ when arg.StartsWith("--output=", StringComparison.Ordinal) => arg["--output=".Length..],
        _ when arg.StartsWith("-o", StringComparison.Ordinal) => arg[2..].TrimStart('=', ':'),
        _ => "",
    }).Any(format => format is OutputFormat.Json or OutputFormat.JsonLines);
}
