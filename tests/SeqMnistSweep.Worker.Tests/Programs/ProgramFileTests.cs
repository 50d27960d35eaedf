using System.Collections.Immutable;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Worker.Tests.Programs;

public sealed class ProgramFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-program-").FullName;

    public ProgramFileTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "proj"));
        Write("proj/train.py", "print(1)", isExecutable: false);
        Write("ok.sh", "#!/bin/sh\necho", isExecutable: true);
        Write("no.sh", "#!/bin/sh\necho", isExecutable: false);
        Write("plain.sh", "echo", isExecutable: true);
        Write("snake", "#!/usr/bin/env python3\n", isExecutable: false);
        Write("main.py", "#!/usr/bin/env python3\n", isExecutable: true);
        Write("program", "\u007fELF\u0001", isExecutable: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ok.sh", true)]
    [InlineData("program", true)]
    [InlineData("no.sh", false)]
    [InlineData("plain.sh", false)]
    [InlineData("main.py", false)]
    [InlineData("proj", false)]
    [InlineData("gone", false)]
    public void What_may_be_executed_and_says_by_what_runs_itself(string program, bool itself) =>
        Assert.Equal(itself, ProgramFile.RunsItself(Path.Combine(_folder, program)));

    [Theory]
    [InlineData("ok.sh", "", null)]
    [InlineData("snake", "", null)]
    [InlineData("main.py", "", null)]
    [InlineData("proj", "", null)]
    [InlineData("gone.py", "", "there is no gone.py in FOLDER")]
    [InlineData("train.py", "", "there is no train.py in FOLDER: proj/train.py lies beside the file: run in proj, or write program: proj/train.py")]
    [InlineData("mian.py", "", "there is no mian.py in FOLDER: did you mean main.py?")]
    [InlineData("no.sh", "", "no.sh is a script for /bin/sh that may not be executed: chmod +x no.sh")]
    [InlineData("no.sh", "sh ${program} ${args}", null)]
    [InlineData("gone.py", "${env} ${interpreter} ${program} ${args}", "there is no gone.py")]
    [InlineData("gone", "${program} ${args}", "there is no gone")]
    [InlineData("sh", "${program} -c true", null)]
    [InlineData("package.module", "${env} python3 -m ${program}", null)]
    [InlineData("gone.py", "docker run image ${program}", null)]
    [InlineData("gone.py", "./all.sh", null)]
    public void A_program_that_is_not_there_is_told_with_where_it_may_be(string program, string command, string? told)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();
        var problem = ProgramFile.Problem(program, words, _folder, "proj/sweep.yaml");
        var text = problem is var (what, fix) ? $"{what}: {fix}".Replace(_folder, "FOLDER", StringComparison.Ordinal) : null;
        Assert.Equal(told is null, text is null);
        Assert.StartsWith(told ?? "", text ?? "", StringComparison.Ordinal);
    }

    private void Write(string name, string text, bool isExecutable)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        if (isExecutable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
