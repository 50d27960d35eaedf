using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Tests.Client;

/// <summary>A command that is silent on a terminal says how long it has worked, until it says or asks something.</summary>
public sealed class WaitingLineTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly FakeTimeProvider _time = new();
    private bool _isForeground = true;

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Seconds_are_counted_on_one_line_that_goes_with_the_first_word()
    {
        using (var waiting = WaitingLine.Of(Context(), "plan")!)
        {
            var context = waiting.Watch();
            Pass(2);
            Assert.Equal("\r\u001b[Kplan: 1 s ...\r\u001b[Kplan: 2 s ...", _error.ToString());

            context.Out.WriteLine("a row");
            Pass(3);
        }

        Assert.Equal("\r\u001b[Kplan: 1 s ...\r\u001b[Kplan: 2 s ...\r\u001b[K", _error.ToString());
        Assert.Equal("a row" + Environment.NewLine, _out.ToString());
    }

    [Fact]
    public void It_is_gone_when_a_silent_command_ends()
    {
        using (WaitingLine.Of(Context(), "wait"))
        {
            Pass(1);
        }

        Assert.EndsWith("wait: 1 s ...\r\u001b[K", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_says_something_at_once_or_reads_what_is_typed_has_none()
    {
        using (var waiting = WaitingLine.Of(Context(), "list")!)
        {
            waiting.Watch().Say("at once");
            Pass(5);
        }

        using (var waiting = WaitingLine.Of(Context(), "query")!)
        {
            Assert.Equal("select 1", waiting.Watch().In.ReadToEnd());
            Pass(5);
        }

        Assert.Equal("at once" + Environment.NewLine, _error.ToString());
    }

    [Fact]
    public void Nothing_is_written_into_a_pipe_or_over_the_shell()
    {
        Assert.Null(WaitingLine.Of(Context() with { Terminal = null }, "plan"));
        Assert.Null(WaitingLine.Of(Context() with { ErrorWidth = null }, "plan"));
        _isForeground = false;
        using (WaitingLine.Of(Context(), "plan"))
        {
            Pass(5);
        }

        Assert.Equal("", _error.ToString());
    }

    private CommandContext Context() => new(new StringReader("select 1"), _out, _error, 80, 80, _ => null, "/", _time)
    {
        Terminal = new Terminal(() => (80, 24), null, () => _isForeground, () => { }),
    };

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
