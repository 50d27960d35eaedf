using SeqMnistSweep.Files;

namespace SeqMnistSweep.Tests.Files;

public sealed class UserFoldersTests
{
    [Theory]
    [InlineData("/cache", "/home/u", "/cache")]
    [InlineData("relative", "/home/u", "/home/u/.cache")]
    [InlineData("", "/home/u", "/home/u/.cache")]
    [InlineData(null, "/home/u", "/home/u/.cache")]
    [InlineData(null, "", null)]
    [InlineData(null, null, null)]
    public void The_cache_is_where_the_XDG_specification_says(string? cache, string? home, string? expected) =>
        Assert.Equal(expected, UserFolders.Cache(name => name == "XDG_CACHE_HOME" ? cache : home));
}
