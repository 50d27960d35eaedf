using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SeqMnistSweep.Cli.Commands;

namespace SeqMnistSweep.Cli;

/// <summary>From arguments to an exit code: the verbs, and what every one of them shares.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command. Never throws: an unexpected error is reported and is exit code 1.</summary>
    public static Task<int> RunAsync(string[] args, CommandContext context) => RunAsync(args, context, Build);

    /// <inheritdoc cref="RunAsync(string[], CommandContext)"/>
    /// <param name="build">Makes the commands, for another program than this one.</param>
    public static async Task<int> RunAsync(string[] args, CommandContext context, Func<CommandContext, RootCommand> build)
    {
        // A runner's signals are its own business: see RunnerCommand.
        using var stop = args is ["runner", ..] ? null : new StopSignals();
        using var waiting = WaitingLine.Of(context, args is [var verb, ..] && !verb.StartsWith('-') ? verb : context.Program);
        context = waiting?.Watch() ?? context;
        try
        {
            var code = await InvokeAsync(args, context, build, stop?.Token ?? CancellationToken.None);
            return code == ExitCodes.Ok && stop?.ExitCode == ExitCodes.HungUp ? ExitCodes.HungUp : code;
        }
        catch (OperationCanceledException) when (stop?.ExitCode is { } code)
        {
            return code;
        }
        catch (Exception error)
        {
            return ErrorReport.Write(error, args, context);
        }
    }

    /// <summary>Runs a command within another one, which has the signals and the terminal.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<int> RunWithinAsync(string[] args, CommandContext context, CancellationToken stop)
    {
        try
        {
            return await InvokeAsync(args, context, Build, stop);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            return ErrorReport.Write(error, args, context);
        }
    }

    private static async Task<int> InvokeAsync(
        string[] args, CommandContext context, Func<CommandContext, RootCommand> build, CancellationToken stop)
    {
        var root = build(context);
        (args, var hint) = OldNames.Translate(args);
        if (hint is not null)
        {
            context.Say($"note: {hint}");
        }

        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @last is no file
        if (parsed.Action is not CommandLineAction { ClearsParseErrors: true } && UsageError.Of(parsed, args, context.Program) is { } usage)
        {
            throw usage;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = context.Out,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // ours: see StopSignals
            },
            stop);
    }

    public static RootCommand Build(CommandContext context)
    {
        var options = new CommonOptions(context);
        var root = new RootCommand("search hyperparameters over many machines") { options.Output, options.Color };
        Verb[] verbs =
        [
            // Sweeps
            new InitCommand(options),
            new ExplainCommand(options),
            new ValidateCommand(options),
            new PlanCommand(options),
            new RunCommand(options),
            new SubmitCommand(options),
            new WatchCommand(options),
            new WaitCommand(options),
            new ListCommand(options),
            new ShowCommand(options),
            new PauseCommand(options),
            new ResumeCommand(options),
            new StopCommand(options),
            new CancelCommand(options),
            new RetryCommand(options),
            new EditCommand(options),
            new ConfirmCommand(options),
            new EnqueueCommand(options),
            new ArchiveCommand(options),
            new DeleteCommand(options),
            new RenameCommand(options),
            new NoteCommand(options),
            new TagCommand(options),
            new CloneCommand(options),
            new AskCommand(options),
            new TellCommand(options),
            new SimulateCommand(options),

            // Results
            new LeaderboardCommand(options),
            new CompareCommand(options),
            new QueryCommand(options),
            new PlotCommand(options),
            new ExportCommand(options),
            new ImportCommand(options),
            new ModelCommand(options),
            new FilesCommand(options),

            // Fleet
            new HeadCommand(options),
            new WorkerCommand(options),
            new RunnerCommand(),
            new JoinLineCommand(options),
            new WorkersCommand(options),
            new TopCommand(options),
            new LogsCommand(options),
            new HealthCommand(options),
            new OpenCommand(options),
            new TokenCommand(options),
            new InviteCommand(options),
            new LoginCommand(options),
            new AuditCommand(options),
            new BackupCommand(options),
            new DoctorCommand(options),

            // Setup
            new DataCommand(options),
            new PythonCommand(options),
            new McpCommand(options, RunWithinAsync),
            new CompletionsCommand(options),
            new VersionCommand(options),
        ];
        foreach (var verb in verbs)
        {
            root.Add(verb);
        }

        new Suggestions(options).AddTo(root);
        var help = new HelpText(root, context.OutWidth);
        root.SetAction(_ => help.WriteRoot(context.Out));
        foreach (var option in root.Options)
        {
            switch (option)
            {
                case HelpOption asked: asked.Action = help; break;
                case VersionOption version: version.Action = new VersionCommand.ShortVersion(); break;
            }
        }

        return root;
    }
}
