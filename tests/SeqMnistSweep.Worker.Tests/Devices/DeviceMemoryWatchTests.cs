using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class DeviceMemoryWatchTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_report_has_the_most_so_far_and_none_before_it_is_known()
    {
        long?[] readings = [null, 5, 9, 7];
        var next = 0;
        using var watch = new DeviceMemoryWatch(() => readings[next++], _time);
        var known = new List<double?>();
        for (var second = 0; second < readings.Length; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            known.Add(watch.AddTo(Report())[EpochReport.DeviceMemory]);
        }

        Assert.Equal([null, 5, 9, 9], known);
    }

    [Fact]
    public void A_reading_that_fails_in_any_way_ends_nothing_and_the_next_one_counts()
    {
        var readings = 0;
        using var watch = new DeviceMemoryWatch(() => ++readings == 1 ? throw new AccessViolationException("the driver") : 5, _time);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, readings);
        Assert.Equal(5, watch.AddTo(Report())[EpochReport.DeviceMemory]);
    }

    [Fact]
    public void What_the_program_says_itself_stands()
    {
        using var watch = new DeviceMemoryWatch(() => 5, _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, watch.AddTo(Report(("device_memory", 3)))["device_memory"]);
        Assert.Equal(0.5, watch.AddTo(Report(("loss", 0.5)))["loss"]);
    }

    [Fact]
    public async Task While_a_driver_hangs_nobody_else_asks_it()
    {
        using var asked = new SemaphoreSlim(0);
        using var answers = new ManualResetEventSlim();
        var readings = 0;
        using var watch = new DeviceMemoryWatch(
            () =>
            {
                Interlocked.Increment(ref readings);
                asked.Release();
                answers.Wait();
                return 5;
            },
            _time);
        var hanging = Task.Run(watch.Look);
        await asked.WaitAsync();
        watch.Look();
        Assert.Equal(1, readings);
        answers.Set();
        await hanging;
    }

    /// <summary>It measures the machine: an epoch that is trained again has another.</summary>
    [Fact]
    public void Two_runs_of_an_epoch_may_differ_in_it() =>
        Assert.True(Report(("device_memory", 3), ("loss", 1)).SaysTheSameAs(Report(("device_memory", 4), ("loss", 1))));

    private static EpochReport Report(params (string Name, double Value)[] metrics) =>
        new(1, metrics.ToImmutableSortedDictionary(metric => metric.Name, metric => metric.Value, StringComparer.Ordinal));
}
