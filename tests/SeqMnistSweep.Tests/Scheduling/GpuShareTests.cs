using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class GpuShareTests
{
    private const long GiB = 1L << 30;

    private static readonly SweepId One = SweepId.Parse("one-0000");
    private static readonly SweepId Other = SweepId.Parse("other-0000");
    private static readonly GpuShare Empty = new() { Capacity = 80 * GiB, Most = 80 * GiB, Free = 80 * GiB, Trials = 0 };

    [Fact]
    public void Until_the_first_trial_of_a_sweep_is_measured_no_other_of_it_begins_and_those_of_other_sweeps_may()
    {
        Assert.Null(Empty.WhyNot(One, null));
        var measuring = Empty.With(One, null);
        Assert.Equal("its first trial there is being measured", measuring.WhyNot(One, null));
        Assert.Null(measuring.WhyNot(Other, null));
        Assert.Null(measuring.WhyNot(One, 5 * GiB));
    }

    [Fact]
    public void Trials_begin_as_long_as_what_was_measured_fits_beside_those_that_run()
    {
        var share = Empty with { Sweeps = [new SweepMemory(One, 30 * GiB)] };
        var begun = 0;
        for (; share.WhyNot(One, null) is null; begun++)
        {
            share = share.With(One, null);
        }

        Assert.Equal((2, 20 * GiB), (begun, share.Free));
        Assert.Equal("a trial needs 30 GiB of GPU memory, as was measured, and 20 GiB are free", share.WhyNot(One, null));
        Assert.Null(share.WhyNot(Other, 20 * GiB));
        Assert.Equal("a trial needs 21.5 GiB of GPU memory, as its file says, and 20 GiB are free", share.WhyNot(Other, 43 * GiB / 2));
    }

    [Fact]
    public void What_was_measured_keeps_no_trial_off_a_GPU_that_has_no_other_and_what_the_file_says_does()
    {
        var small = Empty with { Capacity = 10 * GiB, Most = 10 * GiB, Free = 10 * GiB, Sweeps = [new SweepMemory(One, 30 * GiB)] };
        Assert.Null(small.WhyNot(One, null));
        Assert.NotNull(small.WhyNot(One, 30 * GiB));
        Assert.NotNull(small.With(Other, 0).WhyNot(One, null));
    }

    [Fact]
    public void What_the_driver_does_not_say_limits_nothing()
    {
        var share = Empty with { Free = 0, Trials = 3, Sweeps = [new SweepMemory(One, 0)] };
        Assert.Null(share.WhyNot(One, null));
        Assert.Equal(4, share.AtOnce(One, null, 4));
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData(10, 4)]
    [InlineData(30, 2)]
    [InlineData(81, 0)]
    public void As_many_trials_run_at_once_as_the_GPU_holds(int? asked, int expected) => Assert.Equal(expected, Empty.AtOnce(null, asked * GiB, 4));
}
