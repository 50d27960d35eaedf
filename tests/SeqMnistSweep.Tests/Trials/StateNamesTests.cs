using SeqMnistSweep.Security;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Trials;

public sealed class StateNamesTests
{
    [Fact]
    public void Every_value_has_a_name_that_leads_back_to_it()
    {
        Check<TrialState>();
        Check<SweepState>();
        Check<FailureCause>();
        Check<SweepCause>();
        Check<TransitionCause>();
        Check<TrialPurpose>();
        Check<Verdict>();
        Check<Role>();

        static void Check<T>()
            where T : struct, Enum =>
            Assert.All(Enum.GetValues<T>(), value => Assert.Equal(value, StateNames.Parse<T>(value.ToName())));
    }

    [Fact]
    public void Names_are_in_snake_case_and_exact()
    {
        Assert.Equal("out_of_memory", FailureCause.OutOfMemory.ToName());
        Assert.False(StateNames.TryParse<FailureCause>("OutOfMemory", out _));
        var error = Assert.Throws<FormatException>(() => StateNames.Parse<SweepState>("ready"));
        Assert.Equal(
            "'ready' is no SweepState; known are cancelled, completed, failed, paused, queued, running, stopped, stopping", error.Message);
    }
}
