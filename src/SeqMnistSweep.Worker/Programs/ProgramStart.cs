using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SeqMnistSweep.Files;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>How a user's program is started for one attempt.</summary>
internal static class ProgramStart
{
    /// <summary>Linux takes no variable above 128 KiB.</summary>
    private const int MaxRungs = 10_000;

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

    private const string PythonPath = "PYTHONPATH";

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
        var environment = EnvironmentOf(assignment, options);
        var set = VariablesOf(assignment, environment);
        (set.ContainsKey(PythonPath) ? set : environment)[PythonPath] = PathOf(
            set.GetValueOrDefault(PythonPath) ?? environment.GetValueOrDefault(PythonPath), modules, assignment.ProgramSettings.Shim);
        var sandbox = options.UsesSandbox
            ? Sandbox.Around(folder, [modules, .. options.DataFolder is { } data ? [data] : Array.Empty<string>()],
                [
                    Path.GetFullPath(assignment.CheckpointFolder), Path.GetFullPath(assignment.OutputFolder),
                    .. MpsFolders(options, environment),
                ])
            : [];
        var command = CommandOf(
            assignment, options, folder, name => set.GetValueOrDefault(name) ?? environment.GetValueOrDefault(name));
        FileVariables.AddTo(environment, set);
        var info = new ProcessStartInfo(options.KeeperCommand[0],
        [
            .. options.KeeperCommand.Skip(1), "/bin/sh", "-c", Script, assignment.Program, .. sandbox, .. FileVariables.Around(set.Keys),
            .. command,
        ])
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
        var environment = info.Environment.ToDictionary();
        var path = VariablesOf(assignment, environment).GetValueOrDefault("PATH") ?? environment.GetValueOrDefault("PATH") ?? "";
        var folder = info.WorkingDirectory;
        return Provenance.OfAsync(
            Path.GetFullPath(assignment.Program, folder), CommandOf(assignment, options, folder, ValueOf), folder, path);

        string? ValueOf(string name) => name == "PATH" ? path
            : name.StartsWith("SEQSWEEP_", StringComparison.Ordinal) ? environment.GetValueOrDefault(name)
            : "$" + name;
    }

    /// <summary>What a client of NVIDIA MPS needs: the daemon's pipes, and the memory that it shares with its clients (as NVIDIA's Kubernetes
    /// plugin mounts them).</summary>
    private static IEnumerable<string> MpsFolders(WorkerOptions options, Dictionary<string, string?> environment)
    {
        var pipes = environment.GetValueOrDefault(RunnerEnvironment.MpsFolder) ?? "/tmp/nvidia-mps";
        return !options.GpuIds.IsEmpty && Directory.Exists(pipes) ? [Path.GetFullPath(pipes), "/dev/shm"] : [];
    }

    /// <summary>What the worker passes on, over it the trial's.</summary>
    private static Dictionary<string, string?> EnvironmentOf(TrialAssignment assignment, WorkerOptions options)
    {
        var environment = options.ProgramEnvironment.OfThisProcess().ToDictionary();
        RunnerEnvironment.Apply(environment, options, assignment.Threads, assignment.Gpus);
        Apply(environment, assignment);
        environment["SEQSWEEP_GPUS"] = Math.Min(assignment.Gpus, options.GpuIds.Length).ToString(CultureInfo.InvariantCulture);
        environment["SEQSWEEP_SHIM"] = assignment.ProgramSettings.Shim == WandbShim.Wandb ? "wandb" : null;
        return environment;
    }

    /// <summary>What the sweep file sets over that.</summary>
    private static Dictionary<string, string?> VariablesOf(TrialAssignment assignment, Dictionary<string, string?> environment) =>
        assignment.ProgramSettings.Environment.ToDictionary(
            variable => variable.Key,
            string? (variable) => CommandTemplate.Filled(variable.Value, name => environment.GetValueOrDefault(name)));

    /// <summary>A wandb that is installed is found later than both.</summary>
    private static string PathOf(string? own, string modules, WandbShim shim) => own is not { Length: > 0 } ? modules
        : shim == WandbShim.Wandb ? $"{modules}:{own}"
        : $"{own}:{modules}";

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

    /// <summary>The folder in which an attempt finds the checkpoint that is a folder, under its own name.</summary>
    /// <param name="checkpoints">The trial's folder of checkpoints.</param>
    public static string ResumeOf(TrialAssignment assignment, string checkpoints) => Path.Combine(
        checkpoints, string.Create(CultureInfo.InvariantCulture, $"resume-{assignment.Attempt}"), assignment.Resume!.Name!.TrimEnd('/'));

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
        environment["SEQSWEEP_RUNGS"] = JsonSerializer.Serialize(assignment.Rungs.Take(MaxRungs));
        environment["SEQSWEEP_REPLIES"] = RepliesOf(assignment);
        environment.Remove("SEQSWEEP_RESUME");
        environment.Remove("SEQSWEEP_RESUME_EPOCH");
        if (assignment.Resume is { } resume)
        {
            environment["SEQSWEEP_RESUME_EPOCH"] = resume.Epoch.ToString(CultureInfo.InvariantCulture);
            environment["SEQSWEEP_RESUME"] = Path.GetFullPath(resume.IsFolder
                ? ResumeOf(assignment, assignment.CheckpointFolder)
                : Path.Combine(assignment.CheckpointFolder, resume.FileName));
        }

        // A pipe would make Python keep the words back until 8 KiB of them have come together.
        environment["PYTHONUNBUFFERED"] = "1";
        if (assignment.Device == "cpu")
        {
            environment["CUDA_VISIBLE_DEVICES"] = "";
        }
    }
}
