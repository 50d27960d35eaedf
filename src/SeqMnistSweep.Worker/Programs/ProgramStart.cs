using System.Diagnostics;
using System.Text;
using SeqMnistSweep.Files;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>How a user's program is started for one attempt.</summary>
internal static class ProgramStart
{
    /// <summary>Runs the program in a session and process group of its own, with an empty standard input, and ends when everything that
    /// it started has ended. What has lost its parent becomes a child of this shell, so that nothing can leave (see
    /// <see cref="WorkerOptions.KeeperCommand"/>). When the program ends by itself, what it left is killed. When it was told to end, what
    /// it left is told as well and waited for. What was the standard input is watched: it ends when the worker wants no more of the
    /// attempt, or is gone itself, and then everything is killed.</summary>
    private const string Script = """
        exec 3<&0 </dev/null
        children=/proc/$$/task/$$/children
        (
            trap '' TERM INT HUP
            while read -r line; do :; done
            read -r me line < /proc/self/stat
            while :; do
                some= kids=
                read -r kids < $children
                for kid in $kids; do
                    [ $kid = $me ] || { some=1; kill -KILL $kid; }
                done
                [ $some ] || break
                sleep 0.05
            done
            [ -r $children ] || kill -KILL 0
        ) <&3 >/dev/null 2>&1 &
        watch=$!
        exec 3<&- 4>&2 2>/dev/null
        trap 'told=1' TERM
        trap : INT HUP PIPE
        code=143
        [ $told ] || { "$@" 2>&4 4>&-; code=$?; }
        exec >/dev/null 4>&-
        heard=$$
        while :; do
            some= kids=
            read -r kids < $children
            for kid in $kids; do
                [ $kid = $watch ] && continue
                read -r stat < /proc/$kid/stat || continue
                some=1
                if [ ! $told ]; then
                    kill -KILL $kid
                else
                    # Its state, its parent, its group: who is in ours was told with the program.
                    set -- ${stat##*) }
                    [ $3 = $$ ] || case " $heard " in *" $kid "*) ;; *) kill -TERM $kid; heard="$heard $kid" ;; esac
                fi
            done
            [ $some ] || break
            sleep 0.05
        done
        kill -KILL $watch
        exit $code
        """;

    /// <summary>Why the worker does not run the program; null when it does.</summary>
    public static string? Refusal(string program, ImmutableArray<string> command, WorkerOptions options) =>
        options.Programs.Refusal(program, command, FolderOf(options)) ?? options.ProgramEnvironment.Refusal(command);

    public static ProcessStartInfo InfoOf(TrialAssignment assignment, WorkerOptions options)
    {
        var parametersFile = Path.Combine(
            assignment.CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"parameters-{assignment.Attempt}.json"));
        var folder = FolderOf(options);
        var path = Path.GetFullPath(assignment.Program, folder);
        var isDirect = assignment.Command.IsDefaultOrEmpty && ProgramFile.RunsItself(path);
        var template = new CommandTemplate(isDirect ? CommandTemplate.Direct : assignment.Command);
        if (template.NeedsParametersFile)
        {
            PrivateFile.Write(parametersFile, Encoding.UTF8.GetBytes(assignment.Parameters.ToJson()));
        }

        var passed = options.ProgramEnvironment.OfThisProcess().ToDictionary();
        var program = isDirect ? path : options.Programs.NameOf(assignment.Program, folder);
        var command = template.Expand(program, assignment.Parameters, name => passed.GetValueOrDefault(name), parametersFile);
        var sandbox = options.UsesSandbox
            ? Sandbox.Around(folder, options.DataFolder, Path.GetFullPath(assignment.CheckpointFolder))
            : [];
        var info = new ProcessStartInfo(options.KeeperCommand[0],
            [.. options.KeeperCommand.Skip(1), "/bin/sh", "-c", Script, assignment.Program, .. sandbox, .. command])
        {
            WorkingDirectory = folder,
        };
        info.Environment.Clear();
        foreach (var (name, value) in passed)
        {
            info.Environment[name] = value;
        }

        RunnerEnvironment.Apply(info.Environment, options, assignment.Threads);
        Apply(info.Environment, assignment);
        return info;
    }

    private static string FolderOf(WorkerOptions options) =>
        Path.GetFullPath(options.ProgramFolder ?? options.Programs.Folder ?? Environment.CurrentDirectory);

    private static void Apply(IDictionary<string, string?> environment, TrialAssignment assignment)
    {
        environment["SEQSWEEP_TRIAL"] = assignment.Trial.ToString();
        environment["SEQSWEEP_SWEEP"] = assignment.Trial.Sweep.Value;
        environment["SEQSWEEP_ATTEMPT"] = assignment.Attempt.ToString(CultureInfo.InvariantCulture);
        environment["SEQSWEEP_SEED"] = assignment.Seed.ToString(CultureInfo.InvariantCulture);
        environment["SEQSWEEP_DEVICE"] = assignment.Device;
        environment["SEQSWEEP_CHECKPOINT_FOLDER"] = Path.GetFullPath(assignment.CheckpointFolder);
        environment["SEQSWEEP_PARAMETERS"] = assignment.Parameters.ToJson();
        environment.Remove("SEQSWEEP_RESUME");
        if (assignment.Resume is { } resume)
        {
            environment["SEQSWEEP_RESUME"] = Path.GetFullPath(Path.Combine(assignment.CheckpointFolder, resume.FileName));
        }

        // A pipe would make Python keep the words back until 8 KiB of them have come together.
        environment["PYTHONUNBUFFERED"] = "1";
        if (assignment.Device == "cpu")
        {
            environment["CUDA_VISIBLE_DEVICES"] = "";
        }
    }
}
