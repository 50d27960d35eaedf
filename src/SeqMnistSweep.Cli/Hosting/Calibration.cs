using System.Diagnostics;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>One trial of one epoch, run here and now in a database that is gone afterwards: a measure for the plan.</summary>
internal sealed class Calibration : IDisposable
{
    /// <summary>What the sweep of the trial is called.</summary>
    public const string Name = "calibration";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-plan-");

    public string Database => Path.Combine(_folder.FullName, "calibration.db");

    /// <exception cref="CommandError">The trial failed, or there is none.</exception>
    public async Task RunAsync(SweepDefinition sweep, string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(_folder.FullName, "calibration.yaml");
        await File.WriteAllTextAsync(file, FileOf(sweep), cancellation);
        var self = RunnerCommandLine.Self();
        var info = new ProcessStartInfo(self[0], [.. self.Skip(1), "run", file, "--db", Database, "--slots", "1"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var run = Process.Start(info)!;
        var said = run.StandardError.ReadToEndAsync(cancellation);
        await run.StandardOutput.ReadToEndAsync(cancellation);
        await run.WaitForExitAsync(cancellation);
        if (run.ExitCode != 0)
        {
            throw new CommandError(
                run.ExitCode, $"the trial to measure by did not complete: {(await said).Trim().Split('\n')[^1]}",
                "run one yourself: seqsweep run FILE");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The sweep's first configuration as constants, with one epoch where epochs are a parameter of the program.</summary>
    private static string FileOf(SweepDefinition sweep)
    {
        var first = SamplerCatalog.Create(sweep).Propose(0, new SearchHistory())?.Parameters ?? throw new CommandError(
            ExitCodes.InvalidSweepFile, "there is no configuration to measure by");
        var parameters = new JsonObject(
            first.Select(
                item => KeyValuePair.Create(item.Key, (JsonNode?)new JsonObject { ["value"] = JsonNode.Parse(item.Value.ToJson()) })));
        if (sweep.Space.Trainable.Find(TrainableDescription.Epochs) is not null)
        {
            parameters[TrainableDescription.Epochs] = new JsonObject { ["value"] = 1 };
        }

        var file = new JsonObject
        {
            ["name"] = Name,
            ["program"] = sweep.Program,
            ["method"] = "grid",
            ["metric"] = new JsonObject { ["name"] = sweep.Metric.Name, ["goal"] = sweep.Metric.Maximize ? "maximize" : "minimize" },
            ["parameters"] = parameters,
            ["resources"] = new JsonObject { ["threads"] = sweep.Resources.Threads },
        };
        if (!sweep.Command.IsEmpty)
        {
            file["command"] = new JsonArray([.. sweep.Command.Select(word => JsonValue.Create(word))]);
        }

        return file.ToJsonString();
    }
}
