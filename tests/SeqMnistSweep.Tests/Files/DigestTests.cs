using SeqMnistSweep.Files;

namespace SeqMnistSweep.Tests.Files;

public sealed class DigestTests
{
    /// <summary>FIPS 180-2, appendix B.1.</summary>
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public async Task Every_way_gives_the_published_digest()
    {
        Assert.Equal(OfAbc, Digest.Of("abc"));
        Assert.Equal(OfAbc, Digest.Of("abc"u8));
        Assert.Equal(OfAbc, Digest.Of("a"u8, "bc"u8));
        Assert.Equal(OfAbc, Digest.Of(new MemoryStream("abc"u8.ToArray())));
        Assert.Equal(OfAbc, await Digest.OfAsync(new MemoryStream("abc"u8.ToArray()), CancellationToken.None));
    }
}
