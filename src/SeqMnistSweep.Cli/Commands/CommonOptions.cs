using System.CommandLine;
using SeqMnistSweep.Cli.Console;
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

    public Option<string> Database { get; } = new("--db")
    {
        Description = "the database",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine(".", ".seqsweep", "sweeps.db"),
    };

    public bool IsJson(ParseResult parsed) => parsed.GetValue(Output) is OutputFormat.Json or OutputFormat.JsonLines;

    public string DatabasePath(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(Database)!, Context.Folder);

    public ResultReader Reader(ParseResult parsed) => new(DatabasePath(parsed));

    public ConsoleProfile OutProfile(ParseResult parsed) => Context.OutProfile(parsed.GetValue(Color)!);

    /// <summary>Writes the table as <c>-o</c> asks, and says so when a terminal was too narrow for it.</summary>
    public void Write(ParseResult parsed, TableOutput table)
    {
        var missing = table.Write(Context.Out, parsed.GetValue(Output)!, OutProfile(parsed));
        if (missing > 0)
        {
            Context.Say($"{missing} more column(s) than this terminal has room for: -o csv or -o json has them all");
        }
    }

    /// <summary>Whether errors are to be JSON, told from the bare arguments: they may be the error.</summary>
    public static bool WantsJson(IReadOnlyList<string> args) => args.Select((arg, i) => arg switch
    {
        "-o" or "--output" => i + 1 < args.Count ? args[i + 1] : "",
        _ when arg.StartsWith("--output=", StringComparison.Ordinal) => arg["--output=".Length..],
        _ when arg.StartsWith("-o", StringComparison.Ordinal) => arg[2..].TrimStart('=', ':'),
        _ => "",
    }).Any(format => format is OutputFormat.Json or OutputFormat.JsonLines);
}
