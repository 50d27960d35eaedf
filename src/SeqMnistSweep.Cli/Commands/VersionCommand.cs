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
                options.WriteJson(parsed, json);
                return;
            }

            options.Write(parsed, TableOutput.Of(["part", "version"], parts, part => [part.Name, part.Value]));
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
