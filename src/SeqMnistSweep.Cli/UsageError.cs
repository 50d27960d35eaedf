using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using SeqMnistSweep.Cli.Commands;

namespace SeqMnistSweep.Cli;

/// <summary>What is wrong with the arguments of a command line.</summary>
internal static class UsageError
{
    /// <summary>Where nothing takes back what was there.</summary>
    private static readonly string[] MayBeEmpty = ["--workers", "[TEXT]", "TITLE"];

    /// <summary>A command's answer to arguments that it does not understand: one message, one suggestion, exit code 2.</summary>
    public static CommandError? Of(ParseResult parsed, string[] args, string program)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(command, program);
        var see = $"see `{path} --help`";
        if (UnknownToken(parsed, args) is not { } token)
        {
            if (parsed.Errors.Count == 0 && EmptyValue(parsed) is { } empty)
            {
                return new CommandError(ExitCodes.Usage, $"{empty} is given an empty value; a variable that is not set?", see);
            }

            return parsed.Errors.Count == 0
                ? null
                : new CommandError(
                    ExitCodes.Usage,
                    Missing(parsed, path) ?? BadNumber(parsed) ?? BadChoice(parsed) ?? parsed.Errors[0].Message.ReplaceLineEndings(" ")
                        .Replace("\t", "", StringComparison.Ordinal).TrimEnd('.'),
                    see);
        }

        if (program == CommandContext.SeqSweep && OldNames.ProgramOf(token) is { } place)
        {
            return new CommandError(ExitCodes.Usage, $"'{token}' is now a program of its own beside the sources", place);
        }

        var (what, known) = IsOption(token)
            ? ("option", command.Options.Concat(parsed.RootCommandResult.Command.Options).Where(o => !o.Hidden).Select(o => o.Name))
            : command.Subcommands.Count > 0
                ? ("command", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))
                : ("argument", []);
        var nearest = NearestName.Of(token, known) ?? (what == "command" ? OldNames.Elsewhere(token) : null);
        return new CommandError(ExitCodes.Usage, $"unknown {what} '{token}'", nearest is null ? see : $"did you mean '{nearest}'? {see}");
    }

    private static string PathOf(Command command, string program) => command is RootCommand
        ? program
        : $"{PathOf(command.Parents.OfType<Command>().First(), program)} {command.Name}";

    /// <summary>What the command needs and was not given, if that is all that is wrong.</summary>
    private static string? Missing(ParseResult parsed, string path)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            return $"{path} needs one of: {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}";
        }

        return command.Arguments.FirstOrDefault(
            argument => argument.Arity.MinimumNumberOfValues > (parsed.GetResult(argument)?.Tokens.Count ?? 0)) is { } argument
            ? parsed.GetResult(argument) is { Tokens.Count: > 0 } given
                ? $"{path} needs {argument.Arity.MinimumNumberOfValues} of {argument.HelpName}, not {given.Tokens.Count}"
                : $"{path} needs {argument.HelpName}"
            : null;
    }

    /// <summary>The parser would name .NET's type.</summary>
    private static string? BadNumber(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(option =>
            (Nullable.GetUnderlyingType(option.Option.ValueType) ?? option.Option.ValueType) == typeof(int)
            && option.Tokens is [var token] && !int.TryParse(token.Value, out _)) is { } option
            ? $"{option.Option.Name} takes an integer, not '{option.Tokens[0].Value}'"
            : null;

    /// <summary>The parser would not name the option.</summary>
    private static string? BadChoice(ParseResult parsed) => parsed.Errors.Select(error => error.SymbolResult switch
    {
        OptionResult { Tokens: [.., var token] } option => Of(
            option.Option.Name, option.Option.GetCompletions(CompletionContext.Empty), token),
        ArgumentResult { Tokens: [.., var token] } argument => Of(
            argument.Argument.HelpName ?? argument.Argument.Name, argument.Argument.GetCompletions(CompletionContext.Empty), token),
        _ => null,
    }).FirstOrDefault(message => message is not null);

    private static string? Of(string name, IEnumerable<CompletionItem> choices, Token token)
    {
        var words = choices.Select(choice => choice.Label).ToList();
        return words.Count == 0 || words.Contains(token.Value) ? null
            : $"{name} takes {string.Join(", ", words.SkipLast(1))}{(words.Count > 1 ? " or " : "")}{words[^1]}, not '{token.Value}'";
    }

    /// <summary>What a variable of the shell that is not set makes of an option or an argument.</summary>
    private static string? EmptyValue(ParseResult parsed) => parsed.CommandResult.Children.Select(child => child switch
    {
        OptionResult option when !MayBeEmpty.Contains(option.Option.Name) && option.Tokens.Any(IsBlank) => option.Option.Name,
        ArgumentResult argument when !MayBeEmpty.Contains(argument.Argument.HelpName) && argument.Tokens.Any(IsBlank) =>
            argument.Argument.HelpName,
        _ => null,
    }).FirstOrDefault(name => name is not null);

    private static bool IsBlank(Token token) => string.IsNullOrWhiteSpace(token.Value);

    /// <summary>The first token that nothing wanted, or a mistyped option: the parser takes <c>--tpo</c> for a sweep's id.</summary>
    private static string? UnknownToken(ParseResult parsed, string[] args)
    {
        var mistyped = args.Contains("--")
            ? null
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).FirstOrDefault(
                token => IsOption(token.Value));
        return mistyped?.Value ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
    }

    private static bool IsOption(string token) =>
        token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]) && !token.Any(char.IsWhiteSpace);
}
