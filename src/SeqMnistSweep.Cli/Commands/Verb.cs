namespace SeqMnistSweep.Cli.Commands;

/// <summary>One verb of the command line; a file each. Its help leads with the examples.</summary>
/// <param name="group">The line of the top-level help it stands in: <c>Sweeps</c>, <c>Results</c>, <c>Fleet</c> or <c>Setup</c>.</param>
/// <param name="examples">Command lines, each with what it does.</param>
internal abstract class Verb(string name, string description, string group, params (string Line, string What)[] examples)
    : Command(name, description)
{
    public string Group { get; } = group;

    public IReadOnlyList<(string Line, string What)> Examples { get; } = examples;
}

/// <summary>Declares what commands take, each in a line of its own.</summary>
internal static class Declare
{
    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string name, string what) => new(name) { Description = what };

    public static Option<T> Value<T>(string name, string value, string what) => new(name) { HelpName = value, Description = what };

    public static Option<T> Value<T>(string name, string value, string what, T standard) =>
        new(name) { HelpName = value, Description = what, DefaultValueFactory = _ => standard };

    public static Argument<T> Positional<T>(string name, string value, string what) => new(name) { HelpName = value, Description = what };

    public static Argument<T> Positional<T>(string name, string value, string what, ArgumentArity arity) =>
        new(name) { HelpName = value, Description = what, Arity = arity };

    /// <summary>Adds arguments and options, in the order in which the help shows them.</summary>
    public static void Takes(this Command command, params Symbol[] parts)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case Argument argument: command.Add(argument); break;
                case Option option: command.Add(option); break;
                default: throw new ArgumentException($"{part.Name} is neither an argument nor an option");
            }
        }
    }
}
