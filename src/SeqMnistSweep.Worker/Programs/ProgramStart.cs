using System.Diagnostics;
using System.Text;
using System.Text.Json;
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
            # Until the shell ends and kills this one with it: what was only just being started comes a little later.
            while [ -r $children ]; do
                kids=
                read -r kids < $children
                for kid in $kids; do
                    [ $kid = $me ] || kill -KILL $kid
                done
                sleep 0.05
            done
            kill -KILL 0
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
    public static string? Refusal(TrialAssignment assignment, WorkerOptions options)
    {
        var (command, set) = (assignment.Command.IsDefault ? [] : assignment.Command, assignment.ProgramSettings.Environment);
        return options.Programs.Refusal(assignment.Program, command, FolderOf(options))
            ?? options.ProgramEnvironment.Refusal([.. command, .. set.Values])
            ?? (options.Programs.Folder is null ? null : options.ProgramEnvironment.RefusalToSet(set.Keys));
    }

    public static ProcessStartInfo InfoOf(TrialAssignment assignment, WorkerOptions options)
    {
        var folder = FolderOf(options);
        PrivateFile.CreateMissingFolders(Path.GetFullPath(assignment.OutputFolder));
        var modules = PythonModules.WriteTo(
            Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.LogFolder))!, "python"), assignment.ProgramSettings.Shim);
        var environment = EnvironmentOf(assignment, options, modules);
        var sandbox = options.UsesSandbox
            ? Sandbox.Around(folder, [modules, .. options.DataFolder is { } data ? [data] : Array.Empty<string>()],
                [Path.GetFullPath(assignment.CheckpointFolder), Path.GetFullPath(assignment.OutputFolder)])
            : [];
        var command = CommandOf(assignment, options, folder, name => environment.GetValueOrDefault(name));
        var info = new ProcessStartInfo(options.KeeperCommand[0],
            [.. options.KeeperCommand.Skip(1), "/bin/sh", "-c", Script, assignment.Program, .. sandbox, .. command])
        {
            WorkingDirectory = folder,
        };
        info.Environment.Clear();
        foreach (var (name, value) in environment.Where(variable => variable.Value is not null))
        {
            info.Environment[name] = value;
        }

        return info;
    }

    /// <summary>Facts of the trial, of a program that was started so.</summary>
    public static Task<ImmutableSortedDictionary<string, string>> FactsAsync(
        TrialAssignment assignment, WorkerOptions options, ProcessStartInfo info)
    {
        var (folder, path) = (info.WorkingDirectory, ValueOf("PATH") ?? "");
        return Provenance.OfAsync(
            Path.GetFullPath(assignment.Program, folder),
            CommandOf(assignment, options, folder, name => IsOwn(name) ? ValueOf(name) : "$" + name), folder, path);

        string? ValueOf(string name) => info.Environment.TryGetValue(name, out var value) ? value : null;
        static bool IsOwn(string name) => name == "PATH" || name.StartsWith("SEQSWEEP_", StringComparison.Ordinal);
    }

    /// <summary>What the worker passes on, over it the trial's, over it the sweep file's.</summary>
    private static Dictionary<string, string?> EnvironmentOf(TrialAssignment assignment, WorkerOptions options, string modules)
    {
        var (set, shim) = (assignment.ProgramSettings.Environment, assignment.ProgramSettings.Shim);
        var environment = options.ProgramEnvironment.OfThisProcess().ToDictionary();
        RunnerEnvironment.Apply(environment, options, assignment.Threads, assignment.Gpus);
        Apply(environment, assignment);
        environment["SEQSWEEP_GPUS"] = Math.Min(assignment.Gpus, options.GpuIds.Length).ToString(CultureInfo.InvariantCulture);
        var filled = set.Select(variable => (
            variable.Key, Value: CommandTemplate.Filled(variable.Value, name => environment.GetValueOrDefault(name)))).ToList();
        foreach (var (name, value) in filled)
        {
            environment[name] = value;
        }

        // A wandb that is installed is found later than both.
        environment["PYTHONPATH"] = environment.GetValueOrDefault("PYTHONPATH") is not { Length: > 0 } own ? modules
            : shim == WandbShim.Wandb ? $"{modules}:{own}"
            : $"{own}:{modules}";
        environment["SEQSWEEP_SHIM"] = shim == WandbShim.Wandb ? "wandb" : null;
        return environment;
    }

    private static ImmutableArray<string> CommandOf(
        TrialAssignment assignment, WorkerOptions options, string folder, Func<string, string?> variable)
    {
        var path = Path.GetFullPath(assignment.Program, folder);
        var isDirect = assignment.Command.IsDefaultOrEmpty && ProgramFile.RunsItself(path);
        var template = new CommandTemplate(isDirect ? CommandTemplate.Direct : assignment.Command);
        var parametersFile = Path.Combine(
            assignment.CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"parameters-{assignment.Attempt}.json"));
        if (template.NeedsParametersFile)
        {
            PrivateFile.Write(parametersFile, Encoding.UTF8.GetBytes(assignment.Parameters.ToJson()));
        }

        var program = isDirect ? path : options.Programs.NameOf(assignment.Program, folder);
        return template.Expand(program, assignment.Parameters, variable, parametersFile);
    }

    private static string FolderOf(WorkerOptions options) =>
        Path.GetFullPath(options.ProgramFolder ?? options.Programs.Folder ?? Environment.CurrentDirectory);

    /// <summary>The file in which the program finds the worker's answers.</summary>
    public static string RepliesOf(TrialAssignment assignment) => Path.GetFullPath(Path.Combine(
        assignment.CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"replies-{assignment.Attempt}.jsonl")));

    private static void Apply(Dictionary<string, string?> environment, TrialAssignment assignment)
    {
        environment["SEQSWEEP_TRIAL"] = assignment.Trial.ToString();
        environment["SEQSWEEP_SWEEP"] = assignment.Trial.Sweep.Value;
        environment["SEQSWEEP_ATTEMPT"] = assignment.Attempt.ToString(CultureInfo.InvariantCulture);
        environment["SEQSWEEP_SEED"] = assignment.Seed.ToString(CultureInfo.InvariantCulture);
        environment["SEQSWEEP_DEVICE"] = assignment.Device;
        environment["SEQSWEEP_CHECKPOINT_FOLDER"] = Path.GetFullPath(assignment.CheckpointFolder);
        environment["SEQSWEEP_OUTPUT"] = Path.GetFullPath(assignment.OutputFolder);
        environment["SEQSWEEP_PARAMETERS"] = assignment.Parameters.ToJson();
        if (!assignment.Metrics.IsEmpty)
        {
            environment["SEQSWEEP_METRIC"] = assignment.Metric;
        }

        environment["SEQSWEEP_GOAL"] = assignment.Maximize ? "maximize" : "minimize";
        environment["SEQSWEEP_RUNGS"] = JsonSerializer.Serialize(assignment.Rungs);
        environment["SEQSWEEP_REPLIES"] = RepliesOf(assignment);
        environment.Remove("SEQSWEEP_RESUME");
        environment.Remove("SEQSWEEP_RESUME_EPOCH");
        if (assignment.Resume is { } resume)
        {
            environment["SEQSWEEP_RESUME_EPOCH"] = resume.Epoch.ToString(CultureInfo.InvariantCulture);
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
