using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Datasets;
using SeqMnistSweep.Training.Native;

namespace SeqMnistSweep.Cli;

/// <summary>From arguments to an exit code: the verbs, and what every one of them shares.</summary>
internal static class CommandLine
{
    // errno, which .NET passes on.
    private const int NoSpace = 28;
    private const int ReadOnly = 30;

    /// <summary>Runs one command. Never throws: an unexpected error is reported and is exit code 1.</summary>
    public static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        // A runner's signals are its own business: see RunnerCommand.
        using var stop = args is ["runner", ..] ? null : new StopSignals();
        try
        {
            var root = Build(context);
            (args, var hint) = OldNames.Translate(args);
            if (hint is not null)
            {
                context.Say($"note: {hint}");
            }

            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @last is no file
            if (parsed.Action is not CommandLineAction { ClearsParseErrors: true } && UsageError(parsed, args) is { } usage)
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
                stop?.Token ?? CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop?.ExitCode is { } code)
        {
            return code;
        }
        catch (Exception error)
        {
            return Report(Explain(error), error, args, context);
        }
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
            new EnqueueCommand(options),
            new AskCommand(options),
            new TellCommand(options),
            new SimulateCommand(options),

            // Results
            new LeaderboardCommand(options),
            new QueryCommand(options),
            new PlotCommand(options),
            new ExportCommand(options),
            new ImportCommand(options),
            new ModelCommand(options),

            // Fleet
            new HeadCommand(options),
            new WorkerCommand(options),
            new RunnerCommand(),
            new WorkersCommand(options),
            new LogsCommand(options),
            new HealthCommand(options),
            new BackupCommand(options),
            new DoctorCommand(options),

            // Setup
            new DataCommand(options),
            new BenchCommand(options),
            new VersionCommand(options),
        ];
        foreach (var verb in verbs)
        {
            root.Add(verb);
        }

        root.SetAction(_ => HelpText.WriteRoot(root, context.Out));
        foreach (var option in root.Options)
        {
            switch (option)
            {
                case HelpOption help: help.Action = new HelpText(root); break;
                case VersionOption version: version.Action = new VersionCommand.ShortVersion(); break;
            }
        }

        return root;
    }

    /// <summary>A command's answer to arguments that it does not understand: one message, one suggestion, exit code 2.</summary>
    private static CommandError? UsageError(ParseResult parsed, string[] args)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(command);
        var see = $"see `{path} --help`";
        if (UnknownToken(parsed, args) is not { } token)
        {
            return parsed.Errors.Count == 0
                ? null
                : new CommandError(ExitCodes.Usage, Missing(parsed, path) ?? BadNumber(parsed) ?? parsed.Errors[0].Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal).TrimEnd('.'), see);
        }

        var (what, known) = IsOption(token)
            ? ("option", command.Options.Concat(parsed.RootCommandResult.Command.Options).Where(o => !o.Hidden).Select(o => o.Name))
            : command.Subcommands.Count > 0
                ? ("command", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))
                : ("argument", []);
        var nearest = NearestName.Of(token, known);
        return new CommandError(ExitCodes.Usage, $"unknown {what} '{token}'", nearest is null ? see : $"did you mean '{nearest}'? {see}");
    }

    private static string PathOf(Command command) => command is RootCommand
        ? "seqsweep"
        : $"{PathOf(command.Parents.OfType<Command>().First())} {command.Name}";

    /// <summary>What the command needs and was not given, if that is all that is wrong.</summary>
    private static string? Missing(ParseResult parsed, string path)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            return $"{path} needs one of: {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}";
        }

        return command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > (parsed.GetResult(argument)?.Tokens.Count ?? 0)) is { } argument
            ? $"{path} needs {argument.HelpName}"
            : null;
    }

    /// <summary>The parser would name .NET's type.</summary>
    private static string? BadNumber(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(option =>
            (Nullable.GetUnderlyingType(option.Option.ValueType) ?? option.Option.ValueType) == typeof(int)
            && option.Tokens is [var token] && !int.TryParse(token.Value, out _)) is { } option
            ? $"{option.Option.Name} takes an integer, not '{option.Tokens[0].Value}'"
            : null;

    /// <summary>The first token that nothing wanted, or a mistyped option: the parser takes <c>--tpo</c> for a sweep's id.</summary>
    private static string? UnknownToken(ParseResult parsed, string[] args)
    {
        var mistyped = args.Contains("--")
            ? null
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).FirstOrDefault(token => IsOption(token.Value));
        return mistyped?.Value ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
    }

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]) && !token.Any(char.IsWhiteSpace);

    private static CommandError? Explain(Exception error) => error switch
    {
        CommandError known => known,
        DatabaseMissingException => new CommandError(ExitCodes.NotFound, error.Message, "start one with: seqsweep run FILE   (or name another with --db)"),
        DatabaseException database => new CommandError(ExitCodes.Usage, database.Message, database.Hint),
        CheckpointException or TorchLoadException => new CommandError(ExitCodes.NotFound, error.Message),
        DatasetException dataset => new CommandError(ExitCodes.NotFound, dataset.Message),
        IOException full when full.HResult is NoSpace or ReadOnly => new CommandError(ExitCodes.NotAllowed, full.Message),
        QueryException query => new CommandError(ExitCodes.Usage, query.Message, query.Hint),
        _ => null,
    };

    private static int Report(CommandError? known, Exception error, string[] args, CommandContext context)
    {
        var debug = context.Variable("SEQSWEEP_DEBUG") == "1";
        known ??= new CommandError(
            ExitCodes.Bug,
            $"unexpected error: {error.GetType().Name}: {error.Message}",
            $"this is a bug in seqsweep {VersionCommand.Program}; please report it with the output of the same command under SEQSWEEP_DEBUG=1");
        if (CommonOptions.WantsJson(args))
        {
            var body = new JsonObject { ["code"] = ExitCodes.Name(known.ExitCode), ["message"] = known.Message, ["hint"] = known.Hint };
            context.Error.WriteLine(TableOutput.ToText(new JsonObject { ["error"] = body }, indented: false));
        }
        else
        {
            context.SayError(known.Message);
            if (known.Hint is not null)
            {
                // On one line: it often holds a command to be copied.
                context.Say($"  {known.Hint}");
            }
        }

        if (debug)
        {
            context.Error.WriteLine(error);
        }

        return known.ExitCode;
    }

    /// <summary>Ctrl-C and SIGTERM cancel the command once; the second time the operating system ends the process.</summary>
    private sealed class StopSignals : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly PosixSignalRegistration _interrupt;
        private readonly PosixSignalRegistration _terminate;

        public StopSignals()
        {
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, ExitCodes.Interrupted));
            _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, ExitCodes.Terminated));
        }

        public CancellationToken Token => _stop.Token;

        /// <summary>Null while no signal came.</summary>
        public int? ExitCode { get; private set; }

        public void Dispose()
        {
            _interrupt.Dispose();
            _terminate.Dispose();
            _stop.Dispose();
        }

        private void Stop(PosixSignalContext signal, int exitCode)
        {
            signal.Cancel = ExitCode is null;
            ExitCode ??= exitCode;
            _stop.Cancel();
        }
    }
}
