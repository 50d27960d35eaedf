using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>Help that leads with examples, as wide as the terminal.</summary>
/// <param name="columns">Of the terminal; null without one.</param>
internal sealed class HelpText(RootCommand root, int? columns) : SynchronousCommandLineAction
{
    private const int Narrow = 60;
    private const int Usual = 80;

    /// <summary>Longer lines are hard to read.</summary>
    private const int Wide = 120;

    /// <summary>Examples in the top-level help: those of the first verbs, which are the most used.</summary>
    private const int RootExamples = 6;

    private static readonly string[] Groups = ["Sweeps", "Results", "Fleet", "Setup"];

    private readonly int _width = columns is { } known ? Math.Clamp(known, Narrow, Wide) : Usual;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb verb)
        {
            WriteVerb(verb, output);
        }
        else if (parseResult.CommandResult.Command is not RootCommand and var part)
        {
            WritePart(part, output);
        }
        else
        {
            WriteRoot(output);
        }

        return 0;
    }

    public void WriteRoot(TextWriter output)
    {
        var verbs = root.Subcommands.OfType<Verb>().Where(verb => !verb.Hidden).ToList();
        output.WriteLine($"seqsweep - {root.Description}");
        output.WriteLine();
        foreach (var verb in verbs.Where(verb => verb.Examples.Count > 0).Take(RootExamples))
        {
            Pair(output, verb.Examples[0].Line, verb.Description ?? "", 36);
        }

        output.WriteLine();
        foreach (var group in Groups.Where(group => verbs.Any(verb => verb.Group == group)))
        {
            Pair(output, group, string.Join(' ', verbs.Where(verb => verb.Group == group).Select(verb => verb.Name)), 10, indent: 0);
        }

        output.WriteLine();
        Pair(output, "Common", "-o table|json|jsonl|csv  --color auto|always|never  -h  --version", 10, indent: 0);
        output.WriteLine("          seqsweep COMMAND --help shows examples first");
    }

    private void WriteVerb(Verb verb, TextWriter output)
    {
        var names = string.Join(", ", verb.Aliases.Prepend(verb.Name));
        output.WriteLine($"seqsweep {names} - {verb.Description}");
        output.WriteLine();
        foreach (var (line, what) in verb.Examples)
        {
            Pair(output, line, what, 44);
        }

        if (verb.Subcommands.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Commands");
            foreach (var part in verb.Subcommands)
            {
                Pair(output, Line(part), part.Description ?? "", 24);
            }
        }

        WriteArgumentsAndOptions(verb, output);
    }

    /// <summary>A command below a verb, such as <c>data fetch</c>.</summary>
    private void WritePart(Command part, TextWriter output)
    {
        var verb = part.Parents.OfType<Verb>().First();
        output.WriteLine($"seqsweep {verb.Name} {part.Name} - {part.Description}");
        output.WriteLine();
        output.WriteLine($"  seqsweep {verb.Name} {Line(part)}");
        WriteArgumentsAndOptions(part, output);
    }

    private static string Line(Command part) => string.Join(' ', part.Arguments.Select(argument => argument.HelpName).Prepend(part.Name));

    private void WriteArgumentsAndOptions(Command command, TextWriter output)
    {
        if (command.Arguments.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Arguments");
            foreach (var argument in command.Arguments)
            {
                Pair(output, argument.HelpName ?? argument.Name.ToUpperInvariant(), argument.Description ?? "", 24);
            }
        }

        output.WriteLine();
        output.WriteLine("Options");
        foreach (var option in OptionsOf(command).Where(Shown))
        {
            var value = option.HelpName is null ? "" : " " + option.HelpName;
            var standard = option.HasDefaultValue && option.ValueType != typeof(bool) ? $" (default {option.GetDefaultValue()})" : "";
            Pair(output, string.Join(", ", option.Aliases.Append(option.Name)) + value, option.Description + standard, 24);
        }
    }

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf));

    private static bool Shown(Option option) => !option.Hidden && option is not HelpOption and not VersionOption;

    /// <summary>Two columns; the second wraps beneath itself.</summary>
    private void Pair(TextWriter output, string left, string right, int column, int indent = 2)
    {
        var line = new string(' ', indent) + left.PadRight(column - indent - 2);
        if (line.Length > column - 2)
        {
            output.WriteLine(line);
            line = new string(' ', column - 2);
        }

        foreach (var text in WordWrap.Lines(right, _width - column))
        {
            output.WriteLine($"{line}  {text}".TrimEnd());
            line = new string(' ', column - 2);
        }
    }
}
