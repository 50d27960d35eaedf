using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using SeqMnistSweep.Head.Http;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class HealthEndpointsTests
{
    [Theory]
    [InlineData(SiloStatus.Active, null, null)]
    [InlineData(SiloStatus.Active, "no space is left", "nothing can be stored: no space is left")]
    [InlineData(SiloStatus.Joining, null, "the silo is starting")]
    [InlineData(SiloStatus.Created, "no space is left", "the silo is starting")]
    [InlineData(SiloStatus.ShuttingDown, null, "the silo is shutting down")]
    [InlineData(SiloStatus.Dead, null, "the silo is shutting down")]
    public void A_head_is_ready_when_its_silo_is_active_and_its_database_can_be_written(SiloStatus silo, string? trouble, string? reason) =>
        Assert.Equal(reason, HealthEndpoints.NotReady(silo, trouble));

    [Fact]
    public async Task A_head_whose_dispatcher_hangs_is_not_ready()
    {
        var time = new FakeTimeProvider();
        var hangs = HealthEndpoints.HangsAsync(() => new TaskCompletionSource().Task, time);
        Assert.False(hangs.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("the dispatcher has not answered for 2 s", await hangs);
        Assert.Null(await HealthEndpoints.HangsAsync(() => Task.CompletedTask, time));
    }
}
