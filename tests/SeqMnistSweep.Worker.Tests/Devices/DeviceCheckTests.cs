using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class DeviceCheckTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task What_ends_well_has_no_problem() => Assert.Null(await ProblemAsync("exit 0", Long));

    [Fact]
    public async Task Its_last_words_are_the_problem() =>
        Assert.Equal("cuInit answers CUDA_ERROR_NO_DEVICE", await ProblemAsync("echo 'cuInit answers CUDA_ERROR_NO_DEVICE' >&2; exit 2", Long));

    [Fact]
    public async Task One_that_is_killed_says_its_code() => Assert.Contains("code 137", await ProblemAsync("kill -9 $$", Long), StringComparison.Ordinal);

    [Fact]
    public async Task One_that_never_answers_is_killed() =>
        Assert.Contains("did not answer", await ProblemAsync("sleep 1000", TimeSpan.FromMilliseconds(50)), StringComparison.Ordinal);

    [Fact]
    public async Task It_sees_the_GPUs_of_the_worker_only() =>
        Assert.Equal("--check --gpus 2 GPU-a,GPU-b", await DeviceCheck.ProblemAsync(
            ["sh", "-c", "echo $@ $CUDA_VISIBLE_DEVICES >&2; exit 2", "runner"], ["GPU-a", "GPU-b"], CancellationToken.None));

    private static Task<string?> ProblemAsync(string script, TimeSpan limit) =>
        DeviceCheck.ProblemAsync(["sh", "-c", script, "runner"], 1, _ => { }, limit, CancellationToken.None);
}
