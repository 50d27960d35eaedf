using System.Diagnostics;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests.Vectors;

/// <summary>One trial, one digest: on every width of vectors that this CPU has, for any number of threads, interrupted or not.</summary>
public sealed class TestVectorTests
{
    /// <summary>What the runtime can be told not to use, and the width that is left at most.</summary>
    public static TheoryData<string, int> Switches => new() { { "DOTNET_EnableAVX512", 256 }, { "DOTNET_EnableAVX2", 128 }, { "DOTNET_EnableHWIntrinsic", 32 } };

    public static TheoryData<TestVector, string> OnEveryWidth
    {
        get
        {
            var cases = new TheoryData<TestVector, string>();
            foreach (var vector in TestVector.All)
            {
                foreach (var width in KernelWidth.Available)
                {
                    cases.Add(vector, width.Name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(OnEveryWidth))]
    public void A_trial_has_its_digest_on_every_width_and_with_one_and_two_threads(TestVector vector, string width)
    {
        using var trial = TestVector.NewRun();
        foreach (var threads in new[] { 1, 2 })
        {
            var (_, session) = trial.Complete(vector.Assignment(trial, threads), Width(width));
            Assert.Equal(vector.Digest, session.Checkpoints[^1]!.Digest);
        }
    }

    [Theory]
    [MemberData(nameof(OnEveryWidth))]
    public void A_trial_interrupted_anywhere_has_its_digest_after_going_on_with_another_width(TestVector vector, string width)
    {
        using var trial = TestVector.NewRun();
        var assignment = vector.Assignment(trial);
        var polls = new ScriptedSession();
        trial.Run(assignment, polls);
        var random = new SplitMix64((ulong)(vector.Name.Length + width.Length));
        CheckpointFile? resume = null;
        for (var at = KernelWidth.Available.ToList().FindIndex(other => other.Name == width); ; at++)
        {
            var poll = 2 + (int)(random.Next() % (ulong)(polls.Polls - 1));
            var session = new ScriptedSession { OnPoll = now => now == poll ? TrialRequest.Drain : TrialRequest.None };
            var result = trial.Run(assignment with { Resume = resume, Threads = 1 + (at % 2) }, session, width: KernelWidth.Available[at % KernelWidth.Available.Count]);
            if (result is TrialResult.Released released)
            {
                resume = released.Checkpoint;
                continue;
            }

            Assert.IsType<TrialResult.Completed>(result);
            Assert.Equal(vector.Digest, (session.Checkpoints.LastOrDefault() ?? resume)!.Digest);
            break;
        }
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void A_processor_without_the_instructions_has_the_same_digests(string without, int bits)
    {
        var lines = Run(without, "digests").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var expected = KernelWidth.Available.First(width => width.Bits <= bits).Name;
        Assert.Equal([$"width {expected}", .. TestVector.All.Select(vector => $"{vector.Name} {vector.Digest}")], lines);
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void A_trial_moves_to_a_processor_without_the_instructions_and_back(string without, int bits)
    {
        Assert.True(bits < 512);
        var vector = TestVector.All.Single(vector => vector.Name == "adam");
        var folder = Directory.CreateTempSubdirectory("moved-").FullName;
        try
        {
            Assert.Equal(vector.Digest, Run(without, "resume", vector.Name, folder, Run(null, "drain", vector.Name, "4", folder)));
            Assert.Equal(vector.Digest, Run(null, "resume", vector.Name, folder, Run(without, "drain", vector.Name, "9", folder)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static KernelWidth Width(string name) => KernelWidth.Available.Single(width => width.Name == name);

    /// <summary>This assembly's program, in a process of its own.</summary>
    /// <param name="without">A switch of the runtime to turn off.</param>
    private static string Run(string? without, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (without is not null)
        {
            start.Environment[without] = "0";
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill();
            Assert.Fail($"{string.Join(' ', arguments)} takes more than five minutes; so far: {output.Result}{errors.Result}");
        }

        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Result.Trim();
    }
}
