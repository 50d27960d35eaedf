using System.Runtime.Versioning;

namespace SeqMnistSweep.Worker.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class ProgramPolicyTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory().FullName;
    private readonly string _folder;

    public ProgramPolicyTests()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_root, "programs")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        File.WriteAllText(Path.Combine(_folder, "train.py"), "");
        File.WriteAllText(Path.Combine(_folder, "sub", "more.py"), "");
        File.WriteAllText(Path.Combine(_root, "outside.py"), "");
        Directory.CreateDirectory(Path.Combine(_root, "programs-2"));
        File.WriteAllText(Path.Combine(_root, "programs-2", "beside.py"), "");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Without_a_choice_no_program_runs() => Assert.Contains("--programs DIR", ProgramPolicy.None.Refusal("train.py", [], _folder));

    [Fact]
    public void Any_runs_any_command() => Assert.Null(ProgramPolicy.Any.Refusal("x", ["/bin/sh", "-c", "id"], _folder));

    [Theory]
    [InlineData("train.py")]
    [InlineData("sub/more.py")]
    [InlineData("./sub/../train.py")]
    public void A_file_below_the_folder_runs(string program) => Assert.Null(Refusal(program));

    [Theory]
    [InlineData("${env}|${interpreter}|${program}|${args}")]
    [InlineData("python3|-u|${program}|--epochs|3")]
    [InlineData("${program}|${args_json}")]
    public void A_command_that_starts_it_runs(string command) => Assert.Null(Refusal("train.py", command.Split('|')));

    [Theory]
    [InlineData("/bin/sh|-c|id")]
    [InlineData("/bin/sh|-c|id|${program}")]
    [InlineData("python3|-c|import os|${program}")]
    [InlineData("${env}|LD_PRELOAD=x.so|${program}")]
    [InlineData("${args_no_hyphens}|${program}")]
    [InlineData("${interpreter}|train.py")]
    [InlineData("${envvar:SHELL}|${program}")]
    public void A_command_that_may_start_something_else_does_not(string command) =>
        Assert.Contains("only files below", Refusal("train.py", command.Split('|')));

    [Theory]
    [InlineData("../outside.py")]
    [InlineData("/bin/sh")]
    [InlineData("../programs-2/beside.py")]
    [InlineData("link.py")]
    [InlineData("linked/beside.py")]
    public void A_file_elsewhere_does_not(string program)
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "link.py"), Path.Combine(_root, "outside.py"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "linked"), Path.Combine(_root, "programs-2"));
        Assert.Contains("only files below", Refusal(program));
    }

    [Theory]
    [InlineData("missing.py")]
    [InlineData("-c")]
    [InlineData("sub")]
    [InlineData("")]
    public void What_is_no_file_there_does_not(string program) => Assert.Contains("there is no", Refusal(program));

    [Fact]
    public void A_name_that_looks_like_an_option_is_given_as_a_path()
    {
        File.WriteAllText(Path.Combine(_folder, "-c"), "");
        Assert.Equal(Path.Combine(_folder, "-c"), ProgramPolicy.Below(_folder).NameOf("-c", _folder));
    }

    [Theory]
    [InlineData("programs/train.py")]
    [InlineData("programs/sub")]
    [InlineData("programs")]
    public void What_others_may_write_does_not(string weak)
    {
        var policy = ProgramPolicy.Below(_folder);
        Widen(weak);
        var program = weak.EndsWith("sub", StringComparison.Ordinal) ? "sub/more.py" : "train.py";
        Assert.Contains("chmod go-w", policy.Refusal(program, [], _folder));
    }

    [Fact]
    public void A_folder_that_others_may_write_is_refused_at_once()
    {
        Widen("programs");
        Assert.Contains("chmod go-w", Assert.Throws<ArgumentException>(() => ProgramPolicy.Below(_folder)).Message);
        Assert.Throws<ArgumentException>(() => ProgramPolicy.Below("/tmp")); // sticky, but anybody may put a module beside the program
        Assert.Throws<ArgumentException>(() => ProgramPolicy.Below(Path.Combine(_root, "missing")));
    }

    private void Widen(string path)
    {
        var place = Path.Combine(_root, path);
        File.SetUnixFileMode(place, File.GetUnixFileMode(place) | UnixFileMode.OtherWrite);
    }

    private string? Refusal(string program, params string[] command) => ProgramPolicy.Below(_folder).Refusal(program, [.. command], _folder);
}
