using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class MemoryMeterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Every_reading_is_told_once_and_the_next_begins_three_seconds_later()
    {
        var readings = 0;
        var meter = new MemoryMeter(() => Reading(Interlocked.Increment(ref readings)), _time);
        Assert.Null(meter.News());
        Assert.Equal(1, Next(meter).Used);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Null(meter.News());
        Assert.Equal(1, readings);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(meter.News());
        Assert.Equal(2, Next(meter).Used);
    }

    [Fact]
    public void A_reading_that_takes_long_holds_nothing_up_and_one_that_fails_is_tried_again()
    {
        using var slow = new ManualResetEventSlim();
        var readings = 0;
        var meter = new MemoryMeter(
            () =>
            {
                if (Interlocked.Increment(ref readings) == 1)
                {
                    slow.Wait();
                    throw new InvalidOperationException("the driver is away");
                }

                return Reading(5);
            },
            _time);
        Assert.Null(meter.News());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(meter.News());
        slow.Set();
        Assert.Equal(5, Next(meter).Used);
    }

    private static MemoryReading Reading(long used) => new(new DeviceMemory(used, 10), []);

    private static DeviceMemory Next(MemoryMeter meter)
    {
        MemoryReading? news = null;
        Assert.True(SpinWait.SpinUntil(() => (news = meter.News()) is not null, TimeSpan.FromMinutes(1)), "no reading came");
        return news!.Memory;
    }
}
