using SeqMnistSweep.Methods;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ExplainCommand : Verb
{
    private readonly Argument<string?> _key = Positional<string?>("key", "KEY",
        "a key of the sweep file (metric.goal, parameters.*.min), a parameter of tcn, or a program; with --schema a command",
        ArgumentArity.ZeroOrOne);
    private readonly Option<bool> _schema = Flag(
        "--schema", "print the JSON schema (draft-07) of the sweep file, or of what a command writes with -o json");

    public ExplainCommand(CommonOptions options)
        : base("explain", "what a key of the sweep file means", "Sweeps",
            ("seqsweep explain", "every key in a line"),
            ("seqsweep explain metric", "a section"),
            ("seqsweep explain tcn", "the parameters of the network"),
            ("seqsweep explain --schema > sweep.schema.json", "for your editor"),
            ("seqsweep explain --schema leaderboard", "what `leaderboard -o json` writes"))
    {
        this.Takes(_key, _schema);
        SetAction(parsed =>
        {
            if (parsed.GetValue(_schema))
            {
                options.Context.Out.Write(SchemaOf(parsed.GetValue(_key)));
                return;
            }

            var output = options.Context.Out;
            var key = parsed.GetValue(_key);
            if (string.IsNullOrEmpty(key))
            {
                WriteAll(output);
            }
            else if (!WriteKeys(output, key) && !WriteProgram(output, key) && !WriteParameter(output, key))
            {
                var known = SweepKeys.All.Select(known => known.Path).Concat(TrainableCatalog.All.Select(program => program.Name)).Concat(
                    TrainableCatalog.Default.Parameters.Select(parameter => parameter.Name));
                var near = NearestName.Of(key, known);
                throw new CommandError(
                    ExitCodes.NotFound, $"the sweep file has no key '{key}'",
                    near is null ? "seqsweep explain lists them all" : $"did you mean '{near}'?");
            }
        });
    }

    private static string SchemaOf(string? command) => string.IsNullOrEmpty(command)
        ? SweepSchema.ToJson()
        : AnswerSchema.Find(command) ?? throw new CommandError(
            ExitCodes.NotFound, $"no command '{command}' writes JSON",
            NearestName.Of(command, AnswerSchema.Names) is { } near ? $"did you mean '{near}'?"
                : $"one of: {string.Join(", ", AnswerSchema.Names)}");

    private static void WriteAll(TextWriter output)
    {
        foreach (var key in SweepKeys.All.Where(key => key.Parent.Length == 0 && !key.IsIgnored))
        {
            output.WriteLine($"{key.Path,-18} {key.Description}");
        }

        output.WriteLine();
        output.WriteLine($"methods:    {string.Join(", ", SamplerCatalog.All.Select(sampler => sampler.Name))}");
        output.WriteLine($"early stop: {string.Join(", ", PrunerCatalog.All.Select(pruner => pruner.Name))}");
        output.WriteLine($"programs:   {string.Join(", ", TrainableCatalog.All.Select(program => program.Name))}, or any program of yours");
    }

    private static bool WriteKeys(TextWriter output, string path)
    {
        if (SweepKeys.All.FirstOrDefault(key => key.Path == path || key.Path == $"parameters.*.{path}") is not { } key)
        {
            return false;
        }

        output.WriteLine($"{key.Path}: {key.Type}{(key.Default is { } standard ? $", default {standard}" : "")}");
        output.WriteLine($"  {key.Description}");
        output.WriteLine($"  e.g. {key.Example}");
        foreach (var below in SweepKeys.All.Where(below => below.Parent == key.Path))
        {
            output.WriteLine($"  {below.Path,-28} {below.Type}{(below.Default is { } own ? $", default {own}" : "")}");
            output.WriteLine($"  {"",-28} {below.Description}");
        }

        return true;
    }

    private static bool WriteProgram(TextWriter output, string name)
    {
        if (TrainableCatalog.All.FirstOrDefault(program => program.Name == name) is not { } program)
        {
            return false;
        }

        foreach (var parameter in program.Parameters)
        {
            Write(output, parameter);
        }

        return true;
    }

    private static bool WriteParameter(TextWriter output, string name)
    {
        if (TrainableCatalog.Default.Parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } parameter)
        {
            return false;
        }

        Write(output, parameter);
        return true;
    }

    private static void Write(TextWriter output, TrainableParameter parameter)
    {
        output.WriteLine($"{parameter.Name,-18} {parameter.Accepts}{(parameter.Default is { } standard ? $", default {standard}" : "")}");
        output.WriteLine($"{"",-18} {parameter.Description}");
    }
}
