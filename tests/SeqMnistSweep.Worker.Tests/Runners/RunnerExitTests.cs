using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Tests.Runners;

public sealed class RunnerExitTests
{
    [Theory]
    [InlineData(137, true, "ended by SIGKILL")]
    [InlineData(143, true, "ended by SIGTERM")]
    [InlineData(130, true, "ended by SIGINT")]
    [InlineData(134, false, "ended by SIGABRT")]
    [InlineData(139, false, "ended by SIGSEGV")]
    [InlineData(0, false, "exited with code 0")]
    [InlineData(3, false, "exited with code 3")]
    public void Signals_from_outside_are_kills_everything_else_is_a_crash(int code, bool killed, string text)
    {
        var exit = new RunnerExit(code);
        Assert.Equal(killed, exit.IsKilled);
        Assert.Equal(text, exit.ToString());
    }
}
