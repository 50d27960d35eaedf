using System.Diagnostics;
using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Checkpoints;

namespace SeqMnistSweep.Training.Tests.Fixtures;

public sealed class ReferenceFixtureTests
{
    [RequiresPythonTorchFact]
    public void PyTorch_still_computes_what_the_committed_fixtures_say()
    {
        var folder = Directory.CreateTempSubdirectory("fixtures-");
        try
        {
            var start = new ProcessStartInfo(RequiresPythonTorchFactAttribute.Python, [Path.Combine(AppContext.BaseDirectory, "Fixtures", "make_fixtures.py"), folder.FullName])
            {
                RedirectStandardError = true,
            };
            start.Environment["OMP_NUM_THREADS"] = "1";
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);

            var committed = Directory.GetFiles(Fixture.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
            Assert.NotEmpty(committed);
            Assert.Equal(committed, folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
            Assert.All(committed, name => AssertSame(File.ReadAllBytes(Path.Combine(Fixture.Folder, name!)), File.ReadAllBytes(Path.Combine(folder.FullName, name!))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Byte for byte, or to rounding where another kind of CPU adds in another order.</summary>
    private static void AssertSame(byte[] committed, byte[] made)
    {
        if (committed.AsSpan().SequenceEqual(made))
        {
            return;
        }

        var other = SafeTensors.Parse(made).Tensors.ToDictionary(tensor => tensor.Name);
        foreach (var tensor in SafeTensors.Parse(committed).Tensors)
        {
            var same = other[tensor.Name];
            Assert.Equal(tensor.Shape, same.Shape);
            var (a, b) = (Values(tensor), Values(same));
            var bound = (tensor.Type == "F64" && tensor.Name != "losses" ? 1e-12 : 1e-5) * Math.Max(a.Select(Math.Abs).Max(), 1e-6);
            Assert.True(a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= bound), $"{tensor.Name} differs by more than {bound}");
        }
    }

    private static double[] Values(StoredTensor tensor) => tensor.Type switch
    {
        "F64" => MemoryMarshal.Cast<byte, double>(tensor.Data.Span).ToArray(),
        "I64" => [.. MemoryMarshal.Cast<byte, long>(tensor.Data.Span).ToArray().Select(value => (double)value)],
        _ => [.. MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray().Select(value => (double)value)],
    };
}
