using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class DeviceGuardTests
{
    private static readonly AttemptEvent.Failed Crash = new(FailureCause.Crashed, "illegal memory access");

    [Fact]
    public async Task A_crash_on_a_device_that_fails_its_test_is_the_device_s()
    {
        using var guard = new DeviceGuard(_ => Task.FromResult<string?>("cuInit answers CUDA_ERROR_UNKNOWN"), new FakeTimeProvider());
        var judged = Assert.IsType<AttemptEvent.Failed>(await guard.JudgeAsync(Crash));
        Assert.Equal(FailureCause.Device, judged.Cause);
        Assert.Contains("CUDA_ERROR_UNKNOWN", judged.Message, StringComparison.Ordinal);
        Assert.Contains("illegal memory access", judged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_device_that_works_it_stays_the_trial_s()
    {
        using var guard = new DeviceGuard(_ => Task.FromResult<string?>(null), new FakeTimeProvider());
        Assert.Same(Crash, await guard.JudgeAsync(Crash));
    }

    [Fact]
    public async Task A_crash_with_a_fault_of_the_device_is_the_device_s_though_it_passes_its_test()
    {
        var tests = 0;
        using var guard = new DeviceGuard(_ => Task.FromResult<string?>(tests++ == 0 ? null : "dead"), new FakeTimeProvider());
        var judged = Assert.IsType<AttemptEvent.Failed>(await guard.JudgeAsync(Crash, "Xid 94, a memory error"));
        Assert.Equal((FailureCause.Device, "Xid 94, a memory error; the trial said: illegal memory access"), (judged.Cause, judged.Message));
        Assert.Equal(1, tests);
        var diverged = new AttemptEvent.Failed(FailureCause.Diverged, "NaN");
        Assert.Same(diverged, await guard.JudgeAsync(diverged, "Xid 94, a memory error"));
    }

    [Fact]
    public async Task The_worker_hears_for_which_fault_the_device_was_tested()
    {
        var time = new FakeTimeProvider();
        string? answer = null, heard = null;
        using var guard = new DeviceGuard(_ => Task.FromResult(answer), time) { Changed = trouble => heard = trouble };
        Assert.Null(await guard.TestAsync("Xid 94, a memory error"));
        Assert.Null(heard);
        answer = "no device";
        Assert.Equal("no device", await guard.TestAsync("Xid 79, gone"));
        Assert.Equal("Xid 79, gone; no device", heard);
    }

    [Fact]
    public async Task A_CPU_is_not_tested()
    {
        using var guard = new DeviceGuard(null, new FakeTimeProvider());
        Assert.False(guard.Suspects(Crash));
        Assert.Same(Crash, await guard.JudgeAsync(Crash));
    }

    [Theory]
    [InlineData(FailureCause.OutOfMemory)]
    [InlineData(FailureCause.Diverged)]
    [InlineData(FailureCause.Invalid)]
    public void What_the_trial_explains_itself_needs_no_test(FailureCause cause)
    {
        using var guard = new DeviceGuard(_ => throw new InvalidOperationException("tested"), new FakeTimeProvider());
        Assert.False(guard.Suspects(new AttemptEvent.Failed(cause, "")));
        Assert.False(guard.Suspects(new AttemptEvent.Completed(null, null)));
    }

    [Fact]
    public async Task The_worker_hears_once_of_a_broken_device_and_once_that_it_works_again()
    {
        var time = new FakeTimeProvider();
        string? answer = "no device";
        var tests = 0;
        var heard = new List<string?>();
        var works = new TaskCompletionSource();
        using var guard = new DeviceGuard(
            _ =>
            {
                tests++;
                return Task.FromResult<string?>(answer);
            }, time)
        {
            Changed = trouble =>
            {
                heard.Add(trouble);
                if (trouble is null)
                {
                    works.SetResult();
                }
            },
        };
        await Task.WhenAll(guard.JudgeAsync(Crash), guard.JudgeAsync(Crash));
        Assert.Equal(["no device"], heard);

        answer = null;
        time.Advance(TimeSpan.FromMinutes(1));
        await works.Task;
        Assert.Equal(["no device", null], heard);
        answer = "no device";
        await guard.JudgeAsync(Crash);
        Assert.Equal(["no device", null, "no device"], heard);
        Assert.InRange(tests, 3, 4);
    }
}
