using System.Text.RegularExpressions;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests.Gpu;

/// <summary>tests/gpu/check.sh must run to its end when there is a GPU at last: it is rehearsed with little work, on the CPU and with a fake
/// driver.</summary>
public sealed class GpuCheckTests
{
    private static readonly string Script = Path.Combine(SeqSweep.Repository, "tests", "gpu", "check.sh");
    private static readonly string Libtorch = Path.Combine(Path.GetDirectoryName(SeqSweep.Program)!, "runtimes", "linux-x64", "native");

    [RequiresPythonTorchFact]
    public async Task On_the_CPU_every_step_holds()
    {
        using var place = new SeqSweep();
        var said = (await RunAsync(place, ["env", "DEVICE=cpu", "SHORT=1"])).Expect(0).Output;
        Assert.Contains("steps that do not hold                       none", said, StringComparison.Ordinal);
        Says(@"after an interrupt +exit 130 \(130\), [a-z]+, epoch [1-9]", said);
        Says(@"digests: once, again, interrupted +([0-9a-f]{12}) \1 \1\n", said);
        Says(@"train loss, 1 batch / more, CPU +[0-9.]+ / [0-9.]+   val [0-9.]+ / [0-9.]+\n", said);
        Says(@"step, eager PyTorch +[0-9.]+ ms\n", said);
    }

    [Fact]
    public async Task Beside_a_worker_a_fake_GPU_takes_nobody_else()
    {
        using var gpu = new FakeGpu();
        using var place = new SeqSweep();
        var said = (await RunAsync(place, [.. gpu.Around, "SHORT=1"], "machine", "load", "pinning")).Expect(0).Output;
        Assert.Contains("Fake H200, 570.00, 143051 MiB", said, StringComparison.Ordinal);
        Says(@"a second worker on the GPU +exit 4 ", said);
        Says(@"run beside that worker +exit 4 ", said);
        Says(@"CUDA_VISIBLE_DEVICES='' +exit 2 .*leave no GPU\n", said);
        Says(@"CUDA_VISIBLE_DEVICES='0' +exit 0 cuda:0 Fake H200\n", said);
        Says(@"CUDA_VISIBLE_DEVICES='GPU-11111111' +exit 0 cuda:0 Fake H200\n", said);
        Says(@"CUDA_VISIBLE_DEVICES='1' +exit 2 .*leave no GPU\n", said);
    }

    [Fact]
    public async Task A_driver_that_does_not_start_ends_it_with_its_words()
    {
        using var gpu = new FakeGpu();
        gpu.Answer(803);
        using var place = new SeqSweep();
        var said = (await RunAsync(place, [.. gpu.Around, "SHORT=1"], "load", "parity")).Expect(1).Output;
        Assert.Contains("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", said, StringComparison.Ordinal);
        Says("steps that do not hold +load\n", said);
    }

    private static void Says(string pattern, string said) => Assert.True(Regex.IsMatch(said, pattern), $"{pattern} is not in\n{said}");

    private static async Task<Ended> RunAsync(SeqSweep place, string[] around, params string[] steps)
    {
        string[] settings =
        [
            $"OUT={place.Folder}/out", $"WORK={place.Folder}/work", $"LIBTORCH={Libtorch}", $"PROGRAM={SeqSweep.Program}", "PYTHON=/usr/bin/python3",
            "BUDGET=1000", "LIMIT=600",
        ];
        await using var program = new RunningProgram(Script, ["run", .. steps], place.Folder, [.. around, .. settings]);
        return await program.EndAsync();
    }
}
