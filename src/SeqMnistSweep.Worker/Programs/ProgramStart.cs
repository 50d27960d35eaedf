using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>How a user's program is started for one attempt.</summary>
internal static class ProgramStart
{
    /// <summary>
    /// Becomes the program, in a session and process group of its own, with an empty standard input. What was the standard input is watched
    /// instead: it ends when the worker is gone, and then the group is killed, since nobody would hear of the trial any more.
    /// </summary>
    private const string Script = """
        exec 3<&0 </dev/null
        (trap '' TERM INT HUP; cat <&3 >/dev/null; kill -KILL 0) >/dev/null 2>&1 &
        exec 3<&-
        exec "$@"
        """;

    public static ProcessStartInfo InfoOf(RunnerCommand.Start start, WorkerOptions options)
    {
        var parametersFile = Path.Combine(start.CheckpointFolder, string.Create(CultureInfo.InvariantCulture, $"parameters-{start.Attempt}.json"));
        var template = new CommandTemplate(start.Command);
        if (template.NeedsParametersFile)
        {
            File.WriteAllText(parametersFile, start.Parameters.ToJson());
        }

        var info = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = Path.GetFullPath(options.ProgramFolder ?? Environment.CurrentDirectory),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var word in (string[])["/bin/sh", "-c", Script, start.Program, .. template.Expand(start.Program, start.Parameters, Environment.GetEnvironmentVariable, parametersFile)])
        {
            info.ArgumentList.Add(word);
        }

        RunnerEnvironment.Apply(info.Environment, options, start.Threads);
        Apply(info.Environment, start);
        return info;
    }

    private static void Apply(IDictionary<string, string?> environment, RunnerCommand.Start start)
    {
        environment["SEQSWEEP_TRIAL"] = start.Trial.ToString();
        environment["SEQSWEEP_SWEEP"] = start.Trial.Sweep.Value;
        environment["SEQSWEEP_ATTEMPT"] = start.Attempt.ToString(CultureInfo.InvariantCulture);
        environment["SEQSWEEP_SEED"] = start.Seed.ToString(CultureInfo.InvariantCulture);
        environment["SEQSWEEP_DEVICE"] = start.Device;
        environment["SEQSWEEP_CHECKPOINT_FOLDER"] = Path.GetFullPath(start.CheckpointFolder);
        environment["SEQSWEEP_PARAMETERS"] = start.Parameters.ToJson();
        environment.Remove("SEQSWEEP_RESUME");
        if (start.Resume is { } resume)
        {
            environment["SEQSWEEP_RESUME"] = Path.GetFullPath(Path.Combine(start.CheckpointFolder, resume.FileName));
        }

        // A pipe would make Python keep the words back until 8 KiB of them have come together.
        environment["PYTHONUNBUFFERED"] = "1";
        if (start.Device == "cpu")
        {
            environment["CUDA_VISIBLE_DEVICES"] = "";
        }
    }
}
