using SeqMnistSweep.Training.Native;

namespace SeqMnistSweep.Training.Tests.Native;

public sealed class VersionNeedTests
{
    private const string Stdlib = "libstdc++.so.6";
    private const string TooNew = "GLIBCXX_3.4.32";

    private static readonly byte[] Shim = File.ReadAllBytes(
        TorchLibrary.ProgramFolders().Select(folder => Path.Combine(folder, ShimCopy.FileName)).First(File.Exists));

    [Fact]
    public void One_flag_of_one_record_changes()
    {
        var weakened = VersionNeed.Weaken(Shim, Stdlib, TooNew);
        var changed = Enumerable.Range(0, Shim.Length).Where(i => Shim[i] != weakened[i]).ToList();
        Assert.Equal(2, weakened[Assert.Single(changed)]);
        Assert.Equal(0, Shim[changed[0]]);
    }

    [Fact]
    public void A_version_that_is_used_is_refused() =>
        Assert.Contains("cannot be left out", Refusal(Shim, Stdlib, "GLIBCXX_3.4.21"), StringComparison.Ordinal);

    [Fact]
    public void A_version_that_is_not_asked_for_is_refused()
    {
        Assert.Contains("0 times", Refusal(Shim, Stdlib, "GLIBCXX_3.4.99"), StringComparison.Ordinal);
        Assert.Contains("0 times", Refusal(Shim, "libc.so.6", TooNew), StringComparison.Ordinal);
    }

    [Fact]
    public void A_weakened_library_is_not_weakened_again() =>
        Assert.Contains("already", Refusal(VersionNeed.Weaken(Shim, Stdlib, TooNew), Stdlib, TooNew), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_library_is_refused()
    {
        Assert.Contains("no 64-bit", Refusal([1, 2, 3], Stdlib, TooNew), StringComparison.Ordinal);
        Assert.Contains("no 64-bit", Refusal(new byte[100], Stdlib, TooNew), StringComparison.Ordinal);
        Assert.Contains("cut short", Refusal(Shim[..(Shim.Length / 2)], Stdlib, TooNew), StringComparison.Ordinal);
    }

    private static string Refusal(byte[] image, string file, string version) =>
        Assert.Throws<InvalidDataException>(() => VersionNeed.Weaken(image, file, version)).Message;
}
