using SeqMnistSweep.Cli.Commands;

namespace SeqMnistSweep.Cli.Tests.Commands;

public sealed class OldNamesTests
{
    [Theory]
    [InlineData("why tcn-7f3k/17", "show tcn-7f3k/17", "'why' is now 'show'")]
    [InlineData("extend @last --seeds 5", "edit @last --seeds 5", "'extend' is now 'edit'")]
    [InlineData("-o json importance tcn", "-o json plot importance tcn", "'importance' is now 'plot importance'")]
    [InlineData("drain gpu-1 --wait", "worker drain gpu-1 --wait", "'drain' is now 'worker drain'")]
    [InlineData("undrain drain", "worker undrain drain", "'undrain' is now 'worker undrain'")]
    [InlineData("predict x/1 --input a", "model predict x/1 --input a", "'predict' is now 'model predict'")]
    [InlineData("rerun x/1 --verify", "model verify x/1", "'rerun' is now 'model verify'")]
    [InlineData("rerun x/1", "model verify x/1 --reports", "'rerun' is now 'model verify'")]
    [InlineData("run a.yaml --parallel=2", "run a.yaml --slots=2", "'--parallel' is now '--slots'")]
    [InlineData("health --wait 3s", "health --timeout 3s", "'--wait' is now '--timeout'")]
    public void An_old_name_still_works_and_its_new_name_is_said(string typed, string run, string hint)
    {
        var (args, said) = OldNames.Translate(typed.Split(' '));

        Assert.Equal(run.Split(' '), args);
        Assert.Equal(hint, said);
    }

    [Theory]
    [InlineData("show why")]
    [InlineData("wait tcn --for done")]
    [InlineData("--version")]
    [InlineData("run why --color never")]
    [InlineData("ask x -- --for")]
    public void Everything_else_stays_as_it_was_typed(string typed) => Assert.Equal((typed, null), Translated(typed));

    private static (string, string?) Translated(string typed)
    {
        var (args, said) = OldNames.Translate(typed.Split(' '));
        return (string.Join(' ', args), said);
    }
}
