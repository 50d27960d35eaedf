using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.TestSupport;

namespace SeqMnistSweep.Cli.Tests.Watching;

public sealed class ScreenTests : IDisposable
{
    private static readonly ConsoleProfile Profile = ConsoleProfile.Decide(80, _ => null);

    private readonly StringWriter _text = new();
    private readonly Queue<ConsoleKeyInfo> _keys = [];
    private readonly TextWriter _writer;
    private (int Width, int Height) _size = (80, 24);
    private bool _isForeground = true;

    public ScreenTests() => _writer = TextWriter.Synchronized(_text);

    public void Dispose()
    {
        _writer.Dispose();
        _text.Dispose();
    }

    [Fact]
    public async Task It_takes_the_whole_terminal_and_gives_it_back()
    {
        var screen = Screen();
        await screen.ShowAsync(() => Task.CompletedTask, _ => Task.CompletedTask, () => Draw(screen), CancellationToken.None);
        Assert.Equal("\u001b[?1049h\u001b[?25l\u001b[H80x24\u001b[K\u001b[J\u001b[?25h\u001b[?1049l", _text.ToString());
    }

    [Fact]
    public async Task It_is_drawn_anew_when_it_is_resized_and_hears_keys()
    {
        var screen = Screen();
        var pressed = new TaskCompletionSource<char>();
        await screen.ShowAsync(
            async () =>
            {
                _size = (40, 10);
                await Until.True(() => Task.FromResult(Drawn().Contains("40x10", StringComparison.Ordinal)), Drawn);
                lock (_keys) _keys.Enqueue(new ConsoleKeyInfo('p', ConsoleKey.P, false, false, false));
                Assert.Equal('p', await pressed.Task);
            },
            key => { pressed.SetResult(key.KeyChar); return Task.CompletedTask; },
            () => Draw(screen), CancellationToken.None);
    }

    [Fact]
    public async Task Once_it_is_told_to_leave_nothing_more_is_drawn()
    {
        var screen = Screen();
        using var leave = new CancellationTokenSource();
        await screen.ShowAsync(
            async () =>
            {
                await leave.CancelAsync();
                Draw(screen);
            },
            _ => Task.CompletedTask, () => Draw(screen), leave.Token);
        Assert.EndsWith("\u001b[J\u001b[?25h\u001b[?1049l", _text.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, _text.ToString().Split("80x24").Length - 1);
    }

    [Fact]
    public async Task In_the_background_the_terminal_is_the_shells()
    {
        _isForeground = false;
        var screen = Screen();
        await screen.ShowAsync(() => Task.CompletedTask, _ => Task.CompletedTask, () => Draw(screen), CancellationToken.None);
        Assert.Equal("", _text.ToString());
    }

    private Screen Screen() => new(
        Profile, _writer, TimeProvider.System,
        new Terminal(() => _size, () => { lock (_keys) return _keys.TryDequeue(out var key) ? key : null; }, () => _isForeground, () => { }));

    private static void Draw(Screen screen) => screen.Draw((width, height) => [new Line($"{width}x{height}")]);

    private string Drawn() { lock (_writer) return _text.ToString(); }
}
