using SeqMnistSweep.Worker.TrialInputs;

namespace SeqMnistSweep.Worker.Tests.TrialInputs;

public sealed class FilePartTests
{
    [Fact]
    public async Task What_is_appended_meanwhile_is_not_sent()
    {
        using var file = new MemoryStream([1, 2, 3, 4, 5]);
        file.Position = 1;
        using var part = new FilePart(file, 3);
        Assert.Equal(3, part.Headers.ContentLength);
        Assert.Equal([2, 3, 4], await part.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_file_that_has_become_shorter_is_not_sent_as_if_it_were_whole()
    {
        using var part = new FilePart(new MemoryStream([1]), 2);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => part.ReadAsByteArrayAsync());
        Assert.IsType<IOException>(error.InnerException);
    }
}
