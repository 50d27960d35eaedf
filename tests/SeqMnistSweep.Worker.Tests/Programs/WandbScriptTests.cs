using System.Globalization;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Worker.Tests.Support;

namespace SeqMnistSweep.Worker.Tests.Programs;

/// <summary>Scripts as people write them for W&amp;B, beside a Python that has no wandb. Each prints the values of its metric itself.</summary>
public sealed class WandbScriptTests
{
    private const string Torch = "torch_script.py";

    public static TheoryData<string> Names() =>
        [.. Directory.GetFiles(Folder, "*.py").Select(path => Path.GetFileName(path)).Where(name => name != Torch).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task The_sweep_has_the_values_that_the_script_prints(string name) => HasItsValuesAsync(name);

    [RequiresPythonTorchFact]
    public Task A_script_that_logs_tensors_has_its_values_too() => HasItsValuesAsync(Torch);

    private static string Folder => RepositoryFiles.PathOf("tests", "SeqMnistSweep.Worker.Tests", "Programs", "Wandb");

    private static async Task HasItsValuesAsync(string name)
    {
        await using var rig = await PythonRig.StartAsync();
        var script = await File.ReadAllTextAsync(Path.Combine(Folder, name));
        await rig.RunAsync(
            script, ("lr", ParameterValue.Of(0.5)), ("width", ParameterValue.Of(3L)), ("optimizer", ParameterValue.Of("adam")));
        var log = string.Join('\n', rig.Log());
        var heard = rig.Head.Heard(1);
        Assert.True(heard.Last() is AttemptEvent.Completed, log);
        var printed = rig.Log().Where(line => line.StartsWith("value ", StringComparison.Ordinal))
            .Select(line => double.Parse(line["value ".Length..], CultureInfo.InvariantCulture)).ToList();
        var reported = heard.OfType<AttemptEvent.Reported>().Select(told => told.Report["value"]).ToList();
        Assert.NotEmpty(printed);
        Assert.True(printed.SequenceEqual(reported.Select(value => value!.Value)), $"{string.Join(' ', reported)}\n{log}");
    }
}
