using System.Buffers.Binary;
using System.Text.Json.Nodes;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>What a user does with a trained network.</summary>
public sealed class ModelTests
{
    private const string Sweep = """
        name: models
        method: grid
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 28}
          levels: {value: 3}
          kernel_size: {value: 5}
          hidden: {value: 12}
          train_limit: {value: 3000}
          eval_limit: {value: 300}
          epochs: {value: 2}
          dropout: {values: [0, 0.2]}
        """;

    [Fact]
    public async Task A_finished_trial_is_proven_exported_and_put_to_use()
    {
        using var sweep = new SeqSweep();
        sweep.Write("models.yaml", Sweep);
        (await sweep.RunAsync("run", "models.yaml")).WithoutStackTrace().Expect(0);

        var proven = (await sweep.RunAsync("model", "verify", "@last/2", "-o", "csv")).WithoutStackTrace().Expect(0);
        Assert.Contains("metrics and weights are the same", proven.Error, StringComparison.Ordinal);
        Assert.Contains("checkpoint of epoch 2", proven.Output, StringComparison.Ordinal);

        var kernels = JsonNode.Parse((await sweep.RunAsync("version", "-o", "json")).Expect(0).Output)!["kernels"]!.GetValue<string>();
        var used = await sweep.RunAsync("query", "select facts ->> 'kernels' as kernels from trials", "-o", "json");
        Assert.Equal([kernels, kernels], JsonNode.Parse(used.Expect(0).Output)!.AsArray().Select(row => row!["kernels"]!.GetValue<string>()));

        // The same trial on a processor with neither AVX2 nor a fused multiply-add.
        await using var elsewhere = new RunningProgram(SeqSweep.Program, ["model", "verify", "@last/2", "-o", "csv"], sweep.Folder, "env", "DOTNET_EnableAVX2=0");
        Assert.Equal(proven.Output, (await elsewhere.EndAsync()).WithoutStackTrace().Expect(0).Output);

        (await sweep.RunAsync("model", "export", "@last/1", "--to", "one.safetensors", "--pytorch-aliases")).WithoutStackTrace().Expect(0);
        Assert.True(new FileInfo(Path.Combine(sweep.Folder, "one.safetensors")).Length > 1000);
        (await sweep.RunAsync("model", "export", "@last/1", "--to", "one.safetensors")).WithoutStackTrace().Expect(4);

        var idx = new byte[16 + (3 * 784)];
        BinaryPrimitives.WriteInt32BigEndian(idx, 0x803);
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(4), 3);
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(8), 28);
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(12), 28);
        await File.WriteAllBytesAsync(Path.Combine(sweep.Folder, "three"), idx);
        var predicted = (await sweep.RunAsync("model", "predict", "@last/1", "--input", "three", "-o", "csv")).WithoutStackTrace().Expect(0);
        Assert.Equal(4, predicted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
