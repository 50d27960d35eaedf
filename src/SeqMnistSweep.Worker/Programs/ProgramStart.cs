using System.Diagnostics;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>How a user's program is started for one attempt.</summary>
internal static class ProgramStart
{
    /// <summary>Becomes the program, in a session and process group of its own, with an empty standard input. What was the standard input
    /// is watched instead: it ends when the worker is gone, and then the group is killed, since nobody would hear of the trial any
    /// more.</summary>
    private const string Script = """
        exec 3<&0 </dev/null
        (trap '' TERM INT HUP; cat <&3 >/dev/null; kill -KILL 0) >/dev/null 2>&1 &
        exec 3<&-
        exec "$@"
        """;

    public static ProcessStartInfo InfoOf(TrialAssignment assignment, WorkerOptions options)
    {
        var parametersFile = Path.Combine(
            assignment.CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"parameters-{assignment.Attempt}.json"));
        var folder = Path.GetFullPath(options.ProgramFolder ?? Environment.CurrentDirectory);
        var path = Path.GetFullPath(assignment.Program, folder);
        var isDirect = assignment.Command.IsDefaultOrEmpty && ProgramFile.RunsItself(path);
        var template = new CommandTemplate(isDirect ? CommandTemplate.Direct : assignment.Command);
        if (template.NeedsParametersFile)
        {
            File.WriteAllText(parametersFile, assignment.Parameters.ToJson());
        }

        var command = template.Expand(
            isDirect ? path : assignment.Program, assignment.Parameters, Environment.GetEnvironmentVariable, parametersFile);
        var info = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, assignment.Program, .. command])
        {
            WorkingDirectory = folder,
        };
        RunnerEnvironment.Apply(info.Environment, options, assignment.Threads);
        Apply(info.Environment, assignment);
        return info;
    }

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
