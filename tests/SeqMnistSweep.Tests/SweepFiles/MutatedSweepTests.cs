using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Wandb;

namespace SeqMnistSweep.Tests.SweepFiles;

/// <summary>
/// Whatever the text: no exception, no second of work, no half a gigabyte. A few files with every run of the tests;
/// <c>SEQSWEEP_MUTANTS=100000 dotnet test --filter MutatedSweepTests</c> takes as many as it says, and then the process's peak counts too.
/// </summary>
public sealed class MutatedSweepTests
{
    private const int Usual = 1500;
    private const long MostMemory = 500_000_000;

    [Fact]
    public void No_mutated_file_crashes_hangs_or_takes_the_memory()
    {
        var many = int.TryParse(Environment.GetEnvironmentVariable("SEQSWEEP_MUTANTS"), CultureInfo.InvariantCulture, out var asked);
        var mutator = new SweepMutator(Corpus());
        var (slowest, slowestFile) = (TimeSpan.Zero, 0);
        var valid = 0;
        for (var number = 0; number < (many ? asked : Usual); number++)
        {
            var text = mutator.Make(number);
            var start = ThreadClock.Now();
            try
            {
                valid += Read(text) ? 1 : 0;
            }
            catch (Exception error)
            {
                Assert.Fail($"file {number}: {error}\n{text[..Math.Min(text.Length, 4000)]}");
            }

            var took = ThreadClock.Now() - start;
            if (took > slowest)
            {
                (slowest, slowestFile) = (took, number);
            }
        }

        Assert.True(slowest < TimeSpan.FromSeconds(1), $"file {slowestFile} took {slowest.TotalSeconds:0.00} s of processor time");
        Assert.True(valid > 0, "no mutant is a sweep: the harm is too great to find anything");
        if (many)
        {
            using var self = Process.GetCurrentProcess();
            Assert.True(self.PeakWorkingSet64 < MostMemory, $"{self.PeakWorkingSet64 / 1e6:0} MB");
            Console.WriteLine($"{asked} files, {valid} of them valid; the slowest, {slowestFile}, took {slowest.TotalMilliseconds:0} ms; peak {self.PeakWorkingSet64 / 1e6:0} MB");
        }
    }

    /// <summary>All that is done to a file before it runs.</summary>
    private static bool Read(string text)
    {
        var result = SweepFile.Parse(text, "sweep.yaml", comparedToWandb: true);
        Assert.NotNull(DiagnosticRenderer.Render(result));
        if (result.Definition is not { } sweep)
        {
            return false;
        }

        _ = WandbExport.Of(sweep);
        _ = SamplerCatalog.Create(sweep).Propose(0, new SearchHistory());
        return true;
    }

    private static List<string> Corpus()
    {
        var tests = RepositoryFiles.PathOf("tests", "SeqMnistSweep.Tests", "SweepFiles");
        var collected = new[] { Path.Combine(tests, "broken-sweeps.txt"), Path.Combine(tests, "Wandb", "wandb-sweeps.txt") }
            .SelectMany(file => File.ReadAllText(file).Split("\n=== ").Skip(1).Select(block => block[(block.IndexOf('\n', StringComparison.Ordinal) + 1)..]));
        return [.. collected, .. Directory.GetFiles(RepositoryFiles.PathOf("sweeps"), "*.yaml", SearchOption.AllDirectories).Order().Select(File.ReadAllText)];
    }
}
