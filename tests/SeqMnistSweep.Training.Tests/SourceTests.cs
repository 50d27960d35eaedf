using System.Text.RegularExpressions;

namespace SeqMnistSweep.Training.Tests;

public sealed partial class SourceTests
{
    /// <summary>An error in these ends the process instead of throwing (TorchSharp 0.107), or they reach outside of the trial.</summary>
    [Fact]
    public void Calls_that_abort_the_process_or_touch_the_global_generator_are_not_made()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Sources"), "*.cs", SearchOption.AllDirectories);
        Assert.Contains(files, file => Path.GetFileName(file) == "LastStepForward.cs");
        Assert.All(files, file => Assert.False(Forbidden().IsMatch(File.ReadAllText(file)), Path.GetFileName(file)));
    }

    [GeneratedRegex(@"\.matmul\(|\bmatmul\(|autograd\.grad\(|set_num_interop_threads|set_rng_state|\.set_state\(|\bcummax\(|\bcummin\(|torch\.manual_seed|(?<!cuda\.)\bmanual_seed\(|nn\.Module|load_state_dict")]
    private static partial Regex Forbidden();
}
