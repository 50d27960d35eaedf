using System.Buffers.Binary;
using System.Text;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>Broken sweep files and datasets through the real program: a clear error, the right exit code, nothing half done.</summary>
public sealed class BrokenInputTests
{
    private const string Training = """
        method: grid
        parameters: {dataset: {value: mnist}, epochs: {value: 1}, train_limit: {value: 100}, eval_limit: {value: 100}}
        """;

    public static TheoryData<string, byte[], string> Sweeps => new()
    {
        { "an unknown method", Encoding.UTF8.GetBytes("\uFEFFmethod: grod\r\n"), "error[W120]: unknown method 'grod'\n  --> broken.yaml:1:9" },
        { "bytes that are not UTF-8", [.. "method: grid\nname: caf"u8, 0xE9, (byte)'\n'], "error[W016]: these bytes are not UTF-8\n  --> broken.yaml:2:10" },
        { "a program instead of a sweep", [0x7F, .. "ELF"u8, .. new byte[5000]], "error[W016]: the character U+007F is not allowed in YAML\n  --> broken.yaml:1:1" },
        { "a path in double quotes", Encoding.UTF8.GetBytes("method: grid\ndescription: \"C:\\qa\"\n"), "error[W001]: YAML: '\\q' means nothing in double quotes\n  --> broken.yaml:2:17" },
        { "aliases that multiply", Encoding.UTF8.GetBytes(Laughs()), "error[W013]" },
        { "a rule without an end", Encoding.UTF8.GetBytes("method: grid\nconstraints:\n  - require: levels * (3\n"), "error[W201]" },
        { "an escape sequence for the terminal", Encoding.UTF8.GetBytes("method: \"\\e[2J\"\n"), "error[W120]: unknown method '\\u001B[2J'" },
    };

    public static TheoryData<string, byte[], string> Images => new()
    {
        { "nothing", [], "it is empty" },
        { "a web page", [.. "<!DOCTYPE html>"u8], "train-images-idx3-ubyte" },
        { "half a header", [0, 0, 8, 3, 0], "train-images-idx3-ubyte" },
        { "a header alone", Header(60000, 28, 28), "it has 16 bytes; expected 47040016" },
        { "labels for images", [0, 0, 8, 1, 0, 0, 0, 1, 5], "expected 3 for images" },
        { "more images than there are atoms", Header(-1, -1, -1), "train-images-idx3-ubyte" },
        { "images of another size", Header(60000, 32, 32), "its images are 32x32; expected 28x28" },
        { "gzip that is none", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8], "its gzip data is damaged or cut short" },
    };

    [Theory]
    [MemberData(nameof(Sweeps))]
    public async Task A_broken_sweep_file_is_told_by_place_whatever_the_verb(string what, byte[] file, string said)
    {
        using var sweep = new SeqSweep();
        await File.WriteAllBytesAsync(Path.Combine(sweep.Folder, "broken.yaml"), file);
        foreach (var verb in new[] { "validate", "plan", "run" })
        {
            var ended = (await sweep.RunAsync(verb, "broken.yaml")).WithoutStackTrace().Expect(3);
            Assert.Empty(ended.Output);
            Assert.True(ended.Error.Contains(said, StringComparison.Ordinal), $"{what}, {verb}:\n{ended.Error}");
            Assert.Matches(@"broken\.yaml:\d+:\d+", ended.Error);
            Assert.DoesNotContain('\u001b', ended.Error);
        }

        Assert.False(File.Exists(sweep.Database));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task A_broken_dataset_is_named_and_no_sweep_begins(string what, byte[] images, string said)
    {
        using var sweep = new SeqSweep();
        sweep.Write("mnist.yaml", Training);
        var folder = Directory.CreateDirectory(Path.Combine(sweep.Folder, "data", "mnist")).FullName;
        foreach (var name in new[] { "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name), []);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, "train-images-idx3-ubyte"), images);
        string[][] commands = [["run", "mnist.yaml"], ["data", "verify", "mnist"], ["data", "fetch", "mnist"]];
        foreach (var command in commands)
        {
            var ended = (await sweep.RunAsync([.. command, "--data", "data"])).WithoutStackTrace().Expect(5);
            Assert.Empty(ended.Output);
            Assert.Contains(Path.Combine("data", "mnist"), ended.Error, StringComparison.Ordinal);
            Assert.True(ended.Error.Contains(said, StringComparison.Ordinal), $"{what}, {command[0]}:\n{ended.Error}");
        }

        Assert.False(File.Exists(sweep.Database));
    }

    [Fact]
    public async Task A_data_folder_that_does_not_exist_is_no_reason_to_take_another()
    {
        using var sweep = new SeqSweep();
        sweep.Write("mnist.yaml", Training);
        var ended = (await sweep.RunAsync("run", "mnist.yaml", "--data", "nowhere")).WithoutStackTrace().Expect(5);
        Assert.Empty(ended.Output);
        Assert.Contains("nowhere: there is no such folder", ended.Error, StringComparison.Ordinal);
    }

    private static byte[] Header(int count, int rows, int columns)
    {
        var header = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(header, 0x00000803);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), rows);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(12), columns);
        return header;
    }

    private static string Laughs()
    {
        var text = new StringBuilder("x-0: &x0 [1, 1, 1, 1, 1, 1, 1, 1]\n");
        for (var i = 1; i < 9; i++)
        {
            text.Append($"x-{i}: &x{i} [{string.Join(", ", Enumerable.Repeat($"*x{i - 1}", 8))}]\n");
        }

        return text.Append("method: grid\n").ToString();
    }
}
