using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class GpuWatchTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task It_knows_of_all_its_GPUs_together()
    {
        var watch = new GpuWatch(
            () => [new("a") { Utilization = 90, EccErrors = 2, Xids = [13] }, new("b") { Utilization = 41, NeedsReset = true }], _time);
        Assert.Null(watch.Health);
        await watch.LookAsync();
        Assert.Equal(
            (66, 2L, true, 13, null),
            (watch.Health!.Utilization, watch.Health.EccErrors, watch.Health.NeedsReset, watch.Health.Xid, watch.Health.Fault));
    }

    [Fact]
    public async Task What_no_driver_says_is_not_known()
    {
        var watch = new GpuWatch(() => [], _time);
        await watch.LookAsync();
        Assert.Null(watch.Health);

        watch = new GpuWatch(() => [new("a")], _time);
        await watch.LookAsync();
        Assert.Equal((null, null, false, null), (watch.Health!.Utilization, watch.Health.EccErrors, watch.Health.NeedsReset, watch.Health.Xid));
    }

    [Fact]
    public async Task A_fault_is_told_at_once_and_remembered_with_its_time()
    {
        var xids = new Queue<long>([79]);
        var told = new List<string>();
        var watch = new GpuWatch(() => [new("a") { Xids = xids.TryDequeue(out var code) ? [code] : [] }], _time) { Faulted = told.Add };
        var began = _time.GetUtcNow();
        Assert.StartsWith("Xid 79", await watch.TroubleSinceAsync(began, ["a"]), StringComparison.Ordinal);
        Assert.Single(told);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await watch.TroubleSinceAsync(_time.GetUtcNow(), ["a"]));
        Assert.Equal((began, told[0]), (watch.Health!.FaultTime, watch.Health.Fault));
        Assert.Single(told);
    }

    [Fact]
    public async Task It_asks_every_three_seconds_and_not_while_the_driver_owes_an_answer()
    {
        using var answers = new SemaphoreSlim(0);
        var asked = 0;
        var watch = new GpuWatch(
            () =>
            {
                Interlocked.Increment(ref asked);
                answers.Wait();
                return [];
            }, _time);
        watch.Poll();
        _time.Advance(TimeSpan.FromMinutes(1));
        watch.Poll();
        answers.Release();
        var second = watch.LookAsync();
        answers.Release();
        await second;
        Assert.Equal(2, asked);
        answers.Release(2);
        watch.Poll();
        await watch.LookAsync();
        Assert.Equal(4, asked);
        watch.Poll();
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task A_driver_that_never_answers_holds_nobody_up_for_ever()
    {
        using var answers = new ManualResetEventSlim();
        var watch = new GpuWatch(
            () =>
            {
                answers.Wait();
                return [];
            }, _time);
        var looking = watch.TroubleSinceAsync(_time.GetUtcNow(), ["a"]);
        _time.Advance(TimeSpan.FromSeconds(21));
        Assert.Null(await looking);
        answers.Set();
    }

    [Fact]
    public async Task A_driver_that_fails_is_asked_again()
    {
        var asked = 0;
        var watch = new GpuWatch(() => ++asked == 1 ? throw new InvalidOperationException("away") : [new("a")], _time);
        await watch.LookAsync();
        Assert.Null(watch.Health);
        await watch.LookAsync();
        Assert.NotNull(watch.Health);
    }
}
