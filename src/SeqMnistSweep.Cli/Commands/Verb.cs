using System.CommandLine;

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
