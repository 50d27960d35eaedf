using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using SeqMnistSweep.Results;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class VersionCommand : Verb
{
    public VersionCommand(CommonOptions options)
        : base(
            "version", "what this program is made of", "Setup", ("seqsweep version", "program, runtime, SQLite"),
            ("seqsweep version -o json", "the same for a script"))
    {
        SetAction(parsed =>
        {
            var parts = Parts();
            if (options.IsJson(parsed))
            {
                var json = new JsonObject(
                    parts.Select(part => KeyValuePair.Create<string, JsonNode?>(part.Name, TableOutput.ToJson(part.Value))));
                options.Context.Out.WriteLine(TableOutput.ToText(json, indented: parsed.GetValue(options.Output) == OutputFormat.Json));
                return;
            }

            var table = new TableOutput(["part", "version"]);
            foreach (var (name, value) in parts)
            {
                table.Add(Cell.Of(name), Cell.Of(value));
            }

            options.Write(parsed, table);
        });
    }

    private static List<(string Name, object? Value)> Parts() =>
    [
        ("version", ProgramVersion.Number),
        ("commit", ProgramVersion.Commit),
        ("runtime", RuntimeInformation.FrameworkDescription),
        ("os", RuntimeInformation.OSDescription),
        ("architecture", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()),
        ("kernels", KernelWidth.Available[0].ToString()),
        ("sqlite", ResultDatabase.SqliteVersion),
        ("schema", ResultDatabase.SchemaVersion),
    ];

    /// <summary><c>seqsweep --version</c>: one line.</summary>
    internal sealed class ShortVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"seqsweep {ProgramVersion.Number}");
            return 0;
        }
    }
}
