namespace SeqMnistSweep.Cli.Tests.Architecture;

/// <summary>Something that was wrong, and the test that holds what it is now.</summary>
internal static class Finding
{
    /// <param name="file">Below tests/, without its project's first word.</param>
    /// <param name="text">A test's name or a sample of its table, which stands in that file.</param>
    public static void HasTest(string finding, string file, string text)
    {
        var test = RepositoryFiles.PathOf("tests", $"SeqMnistSweep.{file}");
        Assert.True(File.Exists(test), $"{finding}: there is no {test}");
        Assert.True(File.ReadAllText(test).Contains(text, StringComparison.Ordinal), $"{finding}: {test} has no {text}");
    }
}
