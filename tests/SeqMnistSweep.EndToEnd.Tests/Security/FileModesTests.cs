using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S22: what a head, a worker or a run keeps is its account's alone; what a user's program writes is as the user's umask has it.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FileModesTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const string Training = """
        name: small
        method: grid
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 28}
          levels: {value: 3}
          kernel_size: {value: 3}
          hidden: {value: 4}
          train_limit: {value: 100}
          eval_limit: {value: 50}
          epochs: {value: 2}
          lr: {values: [0.01]}
        """;

    private const string Program = """
        name: program
        program: touch.sh
        method: grid
        metric: {name: value, goal: minimize}
        parameters: {x: {values: [1]}}
        """;

    [Fact]
    public async Task What_a_run_keeps_is_its_owners_alone()
    {
        using var sweep = new SeqSweep();
        sweep.Write("small.yaml", Training);
        (await sweep.RunAsync("run", "small.yaml")).Expect(0);
        sweep.Write("program.yaml", Program);
        sweep.Write("touch.sh", "#!/bin/sh\nmkdir -p out && touch out/shared\necho '{\"value\": 1}'\n");
        File.SetUnixFileMode(Path.Combine(sweep.Folder, "touch.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await sweep.RunAsync("run", "program.yaml")).Expect(0);
        (await sweep.RunAsync("backup", "--to", "copy.db")).Expect(0);

        Assert.Empty(Open(Path.Combine(sweep.Folder, ".seqsweep")));
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(sweep.Folder, ".seqsweep"), "*.safetensors", SearchOption.AllDirectories));
        Assert.Equal(default, File.GetUnixFileMode(Path.Combine(sweep.Folder, "copy.db")) & Others);
        Assert.NotEqual(default, File.GetUnixFileMode(Path.Combine(sweep.Folder, "out", "shared")) & Others);
    }

    [Fact]
    public async Task What_a_head_and_a_worker_keep_is_their_owners_alone()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("a");
        await fleet.EndedAsync(await fleet.SubmitAsync(Training));

        Assert.Empty(Open(Path.Combine(fleet.Folder("head"), ".seqsweep")));
        Assert.Empty(Open(Path.Combine(fleet.Folder("a"), ".seqsweep")));
    }

    /// <returns>What others may enter, read or write, the folder itself included.</returns>
    private static IEnumerable<string> Open(string folder) => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder)
        .Where(path => (File.GetUnixFileMode(path) & Others) != 0)
        .Select(path => $"{File.GetUnixFileMode(path)} {path}");
}
