using System.Diagnostics;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

/// <summary>Runners are shell scripts that share a made-up GPU: each leaves a file in a folder, and from four on nobody gains.</summary>
public sealed class SlotMeasurementTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-slots-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Throughput_is_measured_until_more_is_no_gain()
    {
        var measured = await MeasureAsync("""touch $$; echo ready; while read -r l; do n=$(ls | wc -l); if [ $n -gt 4 ]; then echo $((400 / n)); else echo 100.4; fi; done""");
        Assert.Equal("4 slots: 1 made 100 images/s, 2 made 201, 4 made 402, 8 made 400", measured.ToString());
    }

    [Fact]
    public async Task What_was_measured_before_a_failure_counts_and_the_reason_is_said()
    {
        var measured = await MeasureAsync("""touch $$; if [ $(ls | wc -l) -gt 2 ]; then echo 'CUDA out of memory' >&2; exit 1; fi; echo ready; while read -r l; do echo 100; done""");
        Assert.Equal("2 slots: 1 made 100 images/s, 2 made 200; measuring failed with 4: CUDA out of memory", measured.ToString());
    }

    [Theory]
    [InlineData("echo 'this libtorch finds no GPU' >&2; exit 2", "1 slot: measuring failed with 1: this libtorch finds no GPU")]
    [InlineData("exit 1", "1 slot: measuring failed with 1: the process ended without a word")]
    [InlineData("echo ready; read -r l; echo nan; cat", "1 slot: measuring failed with 1: the answer is no number: nan")]
    public async Task Where_nothing_can_be_measured_there_is_one_slot(string script, string expected) => Assert.Equal(expected, (await MeasureAsync(script)).ToString());

    [Fact]
    public async Task One_that_never_answers_is_given_up_and_none_is_left()
    {
        var measured = await MeasureAsync("echo $$ > pid; exec sleep 1000", limit: TimeSpan.FromSeconds(1.5));
        Assert.Equal("1 slot: no answer within 1.5 s with 1", measured.ToString());
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(Path.Combine(_folder, "pid")).Trim()}"));
    }

    [Fact]
    public async Task A_GPU_that_is_full_is_not_tried_with_more_and_no_more_are_tried_than_are_wanted()
    {
        const string script = "touch $$; echo ready; while read -r l; do echo 100; done";
        Assert.Equal("2 slots: 1 made 100 images/s, 2 made 200; no memory for 4", (await MeasureAsync(script, () => 30)).ToString());
        Directory.EnumerateFiles(_folder).ToList().ForEach(File.Delete);
        Assert.Equal("3 slots: 1 made 100 images/s, 2 made 200, 3 made 300", (await MeasureAsync(script, most: 3)).ToString());
    }

    private Task<SlotsMeasured> MeasureAsync(string script, Func<long>? bytesOfOne = null, int most = 64, TimeSpan? limit = null) => new SlotMeasurement(
        () => new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _folder },
        () => bytesOfOne is null ? null : new DeviceMemory(Directory.GetFiles(_folder).Length * bytesOfOne(), 100))
        .RunAsync(most, limit ?? Long, CancellationToken.None);
}
