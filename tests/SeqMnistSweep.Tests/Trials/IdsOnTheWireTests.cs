using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Trials;

/// <summary>What names a file or folder is checked when it arrives: its sender may be anyone.</summary>
public sealed class IdsOnTheWireTests
{
    private static readonly Serializer Wire =
        new ServiceCollection().AddSerializer(serializer => serializer.AddAssembly(typeof(SweepId).Assembly)).BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void An_id_arrives_as_it_was_sent()
    {
        var trial = new TrialId(SweepId.Parse("tcn-7f3k"), 17);
        Assert.Equal(trial, Sent(trial));
        Assert.Equal(trial.Sweep, Sent(trial.Sweep));
        Assert.Null(Sent<SweepId?>(null));
        var checkpoint = new CheckpointFile(3, 1, new string('a', 64), 1L << 40);
        Assert.Equal(new AttemptEvent.Checkpointed(checkpoint), Sent<AttemptEvent>(new AttemptEvent.Checkpointed(checkpoint)));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../x-0000")]
    [InlineData("a/b-0000")]
    [InlineData("a-0000\n")]
    [InlineData("a\0-0000")]
    [InlineData("é-0000")]
    [InlineData("")]
    [InlineData(null)]
    public void A_text_that_is_no_sweep_id_does_not_arrive(string? text)
    {
        var sweep = Unchecked(text);
        Assert.ThrowsAny<Exception>(() => Sent(sweep));
        Assert.ThrowsAny<Exception>(() => Sent(new TrialId(sweep, 1)));
        Assert.ThrowsAny<Exception>(() => Sent(new RunningAttempt(new TrialId(sweep, 1), 1, null)));
        Assert.False(SweepId.TryParse(text, out _));
    }

    [Fact]
    public void A_trial_is_counted_from_1() => Assert.ThrowsAny<Exception>(() => Sent(default(TrialId)));

    [Theory]
    [InlineData("/x/y")]
    [InlineData("/abs/path/precious/model")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("../aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("")]
    [InlineData(null)]
    public void A_text_that_is_no_digest_does_not_arrive(string? digest)
    {
        var file = new CheckpointFile(0, 1, digest!, 5);
        Assert.ThrowsAny<Exception>(() => Sent<AttemptEvent>(new AttemptEvent.Checkpointed(file)));
        Assert.ThrowsAny<Exception>(() => Sent<AttemptEvent>(new AttemptEvent.CheckpointLost(file, "gone")));
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, -1)]
    public void A_checkpoint_has_no_negative_numbers(int epoch, int batch, long bytes) =>
        Assert.ThrowsAny<Exception>(() => Sent(new CheckpointFile(epoch, batch, new string('a', 64), bytes)));

    private static T? Sent<T>(T value) => Wire.Deserialize<T>(Wire.SerializeToArray(value));

    /// <summary>As a sender makes it who checks nothing.</summary>
    private static SweepId Unchecked(string? text) =>
        (SweepId)Activator.CreateInstance(typeof(SweepId), BindingFlags.NonPublic | BindingFlags.Instance, null, [text], null)!;
}
