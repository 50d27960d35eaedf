using System.Collections.Immutable;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Worker.Tests.Support;

/// <summary>A worker whose one trial is a script in Python.</summary>
internal static class PythonRig
{
    public static Task<WorkerRig> StartAsync() => WorkerRig.StartAsync(1, options => options with
    {
        Programs = ProgramPolicy.Any,
        ProgramFolder = Path.GetDirectoryName(options.LogFolder),
    });

    /// <summary>Runs the script to its end.</summary>
    public static async Task RunAsync(this WorkerRig rig, string script, params (string Name, ParameterValue Value)[] parameters)
    {
        rig.OfferScript(script, [], null, parameters);
        await rig.EndedAsync();
    }

    public static void OfferScript(
        this WorkerRig rig, string script, ImmutableArray<int> rungs, ProgramSettings? settings = null, params (string Name, ParameterValue Value)[] parameters)
    {
        File.WriteAllText(Path.Combine(rig.Folder, "train.py"), script);
        rig.Head.Offer([WorkerRig.Grant(1, 1, "train.py", parameters) with
        {
            Rungs = rungs, ProgramSettings = settings ?? ProgramSettings.Usual, Command = ["/usr/bin/python3", "${program}", "${args}"],
        }]);
        rig.Agent.Poke();
    }

    public static Task EndedAsync(this WorkerRig rig) => Until.True(() => rig.Head.Ended == 1, () => string.Join(", ", rig.Head.Heard(1)));

    /// <summary>What the script wrote, other than reports.</summary>
    public static string[] Log(this WorkerRig rig) => File.ReadAllLines(Path.Combine(rig.Folder, "logs", "rig-0000", "1.log"));
}
