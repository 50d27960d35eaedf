using SeqMnistSweep.Cli.Doctor;
using SeqMnistSweep.Cli.Hosting;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class DoctorCommand : Verb
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _libtorch = CommonOptions.Libtorch();

    public DoctorCommand(CommonOptions options)
        : base("doctor", "what is wrong here, each with its cure", "Setup",
            ("seqsweep doctor", "exit code 0 when nothing fails, else 8"),
            ("seqsweep doctor -o json", "the same for a script"))
    {
        this.Takes(options.Database, options.Head, _data, _libtorch);
        SetAction(async (parsed, stop) =>
        {
            var findings = await LookAsync(options, parsed, stop);
            if (parsed.GetValue(options.Output) == OutputFormat.Table && options.OutProfile(parsed).IsTerminal)
            {
                Write(options.Context.Out, findings);
            }
            else
            {
                options.Write(parsed, Table(findings));
            }

            var (failed, warned) = (
                findings.Count(finding => finding.Severity == Severity.Fail), findings.Count(finding => finding.Severity == Severity.Warn));
            options.Context.Say(failed + warned == 0 ? "all is well" : $"{failed} failed, {Plural.Of(warned, "warning")}");
            return failed > 0 ? ExitCodes.NotFinished : ExitCodes.Ok;
        });
    }

    private async Task<List<Finding>> LookAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        var context = options.Context;
        var libtorch = InstalledLibtorch.FolderOf(parsed.GetValue(_libtorch), context.Folder, context.Variable);
        var database = options.DatabasePath(parsed);
        var loading = MachineChecks.LibtorchAsync(libtorch, stop);
        var (ofHead, head) = await HeadChecks.HeadAsync(
            options.HeadOf(parsed), options.IsHeadNamed(parsed), context.Variable, context.Time, stop);
        return
        [
            await MachineChecks.DeviceAsync(libtorch, stop),
            await loading,
            MachineChecks.Threads(),
            MachineChecks.SandboxOfPrograms(),
            .. HeadChecks.PortsFree(PortHolder.Find, head),
            .. ofHead,
            DatabaseChecks.Database(database),
            DatabaseChecks.Place(database, ReadIfThere("/proc/mounts")),
            DatabaseChecks.Disk(database),
            .. MachineChecks.Data(parsed.GetValue(_data) is { } data ? Path.GetFullPath(data, context.Folder) : null),
            MachineChecks.Terminal(options.OutProfile(parsed), context.Variable("TERM")),
            MachineChecks.OpenFiles(ReadIfThere("/proc/self/limits")),
        ];
    }

    private static string ReadIfThere(string file) => File.Exists(file) ? File.ReadAllText(file) : "";

    private static TableOutput Table(IEnumerable<Finding> findings) => TableOutput.Of(
        ["verdict", "check", "finding", "cure"], findings, finding => [Word(finding), finding.Check, finding.Text, finding.Cure]);

    /// <summary>On a terminal a cure stands on a line of its own: it is to be copied whole.</summary>
    private static void Write(TextWriter output, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            output.WriteLine($"{Word(finding),-4}  {finding.Check,-8}  {TableOutput.Plain(finding.Text)}");
            if (finding.Cure is { } cure)
            {
                output.WriteLine($"{"",-16}cure: {TableOutput.Plain(cure)}");
            }
        }
    }

    private static string Word(Finding finding) => finding.Severity switch { Severity.Ok => "ok", Severity.Warn => "warn", _ => "fail" };
}
