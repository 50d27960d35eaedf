using SeqMnistSweep.Head.Sweeps;

namespace SeqMnistSweep.Head.Tests.Sweeps;

public sealed class WriteCoalescerTests
{
    private readonly List<TaskCompletionSource> _writes = [];
    private readonly WriteCoalescer _writer;

    public WriteCoalescerTests() => _writer = new WriteCoalescer(() =>
    {
        _writes.Add(new TaskCompletionSource());
        return _writes[^1].Task;
    });

    [Fact]
    public async Task What_comes_while_a_write_is_under_way_shares_the_next_one()
    {
        var first = _writer.Durable(true);
        var second = _writer.Durable(true);
        var third = _writer.Durable(true);
        Assert.Single(_writes);
        _writes[0].SetResult();
        await first;
        Assert.Equal(2, _writes.Count);
        Assert.False(second.IsCompleted);
        _writes[1].SetResult();
        await Task.WhenAll(second, third);
        Assert.True(_writer.Durable(false).IsCompletedSuccessfully);
        Assert.Equal(2, _writes.Count);
    }

    [Fact]
    public async Task Nothing_follows_a_write_that_failed()
    {
        var first = _writer.Durable(true);
        var second = _writer.Durable(true);
        _writes[0].SetException(new IOException("full"));
        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => second);
        await Assert.ThrowsAsync<IOException>(() => _writer.Durable(true));
        Assert.Single(_writes);
    }
}
