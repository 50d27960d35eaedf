using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Worker;

namespace SeqMnistSweep.Cli.Tests.Hosting;

public sealed class SlotsWishTests
{
    private readonly List<string> _said = [];

    [Fact]
    public void It_is_a_number_or_auto_with_or_without_a_limit()
    {
        Assert.Null(SlotsWish.Read(null));
        Assert.Equal(new SlotsWish(4), SlotsWish.Read("4"));
        Assert.Equal(new SlotsWish(null, 64), SlotsWish.Read("auto"));
        Assert.Equal(new SlotsWish(null, 8), SlotsWish.Read("auto:8"));
    }

    [Theory]
    [InlineData("many", "--slots takes a number, auto, or auto:N for at most N, not 'many'")]
    [InlineData("auto:", "--slots takes a number, auto, or auto:N for at most N, not 'auto:'")]
    [InlineData("0", "--slots 0 is below 1")]
    [InlineData("auto:0", "--slots auto:0 is below 1")]
    public void Anything_else_is_refused(string text, string expected) => Assert.Equal(expected, Assert.Throws<CommandError>(() => SlotsWish.Read(text)).Message);

    [Fact]
    public async Task A_number_is_taken_as_it_is() => Assert.Equal((3, (string?)null), await DecideAsync(new SlotsWish(3), "GPU-1"));

    [Fact]
    public async Task On_a_CPU_auto_is_what_the_default_is()
    {
        Assert.Equal((7, (string?)null), await DecideAsync(null));
        Assert.Empty(_said);
        Assert.Equal((7, (string?)null), await DecideAsync(new SlotsWish(Count: null)));
        Assert.Equal("--slots auto: 7 slots, as many as the CPU has cores for", Assert.Single(_said));
        Assert.Equal((3, (string?)null), await DecideAsync(new SlotsWish(Count: null, 3)));
        Assert.Equal("--slots auto: 3 slots, though the CPU has cores for 7", _said[^1]);
    }

    [Fact]
    public async Task What_cannot_be_measured_has_one_slot_and_who_asked_for_auto_hears_why()
    {
        Assert.Equal((1, (string?)null), await DecideAsync(null, measures: false, "GPU-1"));
        Assert.Empty(_said);
        Assert.Equal((1, (string?)null), await DecideAsync(new SlotsWish(Count: null), measures: false, "GPU-1"));
        Assert.Equal((1, (string?)null), await DecideAsync(new SlotsWish(Count: null), "GPU-1", "GPU-2"));
        Assert.Equal(
            [
                "--slots auto: 1 slot, for only the built-in network is measured, with a libtorch for CUDA; give a number for programs",
                "--slots auto: 1 slot, for several GPUs are not measured; give a number",
            ],
            _said);
    }

    [Fact]
    public async Task A_GPU_is_measured_by_default_and_a_failure_is_one_slot_with_its_reason()
    {
        Assert.Equal((1, "1 slot: measuring failed with 1: no GPU at all"), await DecideAsync(null, "GPU-1"));
        Assert.Equal("--slots auto: 1 slot: measuring failed with 1: no GPU at all", _said[^1]);
    }

    private Task<(int Slots, string? Measured)> DecideAsync(SlotsWish? wish, params string[] gpus) => DecideAsync(wish, measures: true, gpus);

    private Task<(int Slots, string? Measured)> DecideAsync(SlotsWish? wish, bool measures, params string[] gpus)
    {
        var worker = new WorkerOptions
        {
            Name = "w", Slots = 1, CheckpointFolder = "", LogFolder = "", GpuIds = [.. gpus], RunnerCommand = ["sh", "-c", "echo 'no GPU at all' >&2; exit 1"],
        };
        return SlotsWish.DecideAsync(wish, worker, onCpu: 7, measures, _said.Add, CancellationToken.None);
    }
}
