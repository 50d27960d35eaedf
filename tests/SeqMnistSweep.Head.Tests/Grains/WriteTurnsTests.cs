using SeqMnistSweep.Head.Grains;

namespace SeqMnistSweep.Head.Tests.Grains;

public sealed class WriteTurnsTests
{
    private readonly List<TaskCompletionSource> _writes = [];
    private readonly WriteTurns _turns;

    public WriteTurnsTests() => _turns = new WriteTurns(() =>
    {
        _writes.Add(new TaskCompletionSource());
        return _writes[^1].Task;
    });

    [Fact]
    public async Task What_comes_while_a_write_is_under_way_shares_the_next_one()
    {
        var first = _turns.Durable(true);
        var second = _turns.Durable(true);
        var third = _turns.Durable(true);
        Assert.Single(_writes);
        _writes[0].SetResult();
        await first;
        Assert.Equal(2, _writes.Count);
        Assert.False(second.IsCompleted);
        _writes[1].SetResult();
        await Task.WhenAll(second, third);
        Assert.True(_turns.Durable(false).IsCompletedSuccessfully);
        Assert.Equal(2, _writes.Count);
    }

    [Fact]
    public async Task Nothing_follows_a_write_that_failed()
    {
        var first = _turns.Durable(true);
        var second = _turns.Durable(true);
        _writes[0].SetException(new IOException("full"));
        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        await Assert.ThrowsAsync<IOException>(() => _turns.Durable(true));
        Assert.Single(_writes);
    }
}
