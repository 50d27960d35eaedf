using System.Runtime.Versioning;
using SeqMnistSweep.Files;
using SeqMnistSweep.TestSupport;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Worker.Tests.Programs;

[UnsupportedOSPlatform("windows")]
public sealed class ProvenanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("# branch.oid 4e36869\n# branch.head main\n", "4e36869", "false")]
    [InlineData("# branch.oid (initial)\n# branch.head main\n1 A. N... 0 1 1 0 0 a.py\n", "(initial)", "true")]
    public void A_repository_is_known_by_its_commit_and_whether_files_differ_from_it(string status, string commit, string dirty)
    {
        var facts = new Dictionary<string, string>();
        Provenance.AddGit(facts, status);
        Assert.Equal((commit, dirty), (facts["git_commit"], facts["git_dirty"]));
    }

    [Fact]
    public void What_is_no_repository_says_nothing()
    {
        var facts = new Dictionary<string, string>();
        Provenance.AddGit(facts, "");
        Assert.Empty(facts);
    }

    [Fact]
    public async Task A_program_is_known_by_its_digest_and_its_interpreter()
    {
        var script = _folder.Write("train.py", "print(1)"u8.ToArray());
        var real = _folder.Write("python3.9", []);
        File.CreateSymbolicLink(_folder["python"], real);
        var facts = await Provenance.OfAsync(script, ["/usr/bin/env", "A=b", "python", "train.py"], _folder.Path, $"/nowhere:{_folder.Path}");
        Assert.Equal(Digest.Of("print(1)"), facts["program_sha256"]);
        Assert.Equal($"{_folder["python"]} -> {FileGuard.RealPath(real)}", facts["interpreter"]);
        Assert.Equal("""["/usr/bin/env","A=b","python","train.py"]""", facts["argv"]);
        Assert.DoesNotContain("git_commit", facts.Keys);
    }

    [Fact]
    public async Task An_interpreter_that_is_a_script_says_itself_what_it_is()
    {
        var real = _folder.Write("real", []);
        var shim = _folder.Write("python", System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\necho {real}\n"));
        File.SetUnixFileMode(shim, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var facts = await Provenance.OfAsync(_folder["train.py"], ["python", "train.py"], _folder.Path, _folder.Path);
        Assert.Equal($"{shim} -> {FileGuard.RealPath(real)}", facts["interpreter"]);
        Assert.DoesNotContain("program_sha256", facts.Keys);
    }

    [Fact]
    public void A_program_that_runs_itself_has_no_interpreter() =>
        Assert.Null(Provenance.InterpreterOf(["/usr/bin/env", _folder["a"]], _folder.Write("a", []), _folder.Path, ""));
}
