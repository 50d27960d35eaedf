using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace SeqMnistSweep.Cli.Watching;

/// <summary>The whole terminal, drawn anew when something changes; once it is left, what was there before is there again.</summary>
internal sealed class Screen(ConsoleProfile profile, TextWriter writer, TimeProvider time, Terminal terminal)
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string ClearLine = "\u001b[K";
    private const string ClearBelow = "\u001b[J";

    /// <summary>How often keys and the size are looked at.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private bool _isShown;
    private bool _isOver;
    private (int Width, int Height) _drawn;

    public bool Unicode => profile.Unicode;

    /// <summary>Whether keys can be pressed.</summary>
    public bool HasKeys => terminal.Key is not null;

    /// <param name="work">For as long as this runs.</param>
    /// <param name="draw">Calls <see cref="Draw"/>.</param>
    /// <param name="leave">Leaves at once; the work goes on.</param>
    public async Task ShowAsync(Func<Task> work, Func<ConsoleKeyInfo, Task> press, Action draw, CancellationToken leave)
    {
        (_isShown, _isOver) = (false, false);
        using var over = new CancellationTokenSource();
        using var left = leave.Register(() => LeaveIt(isOver: true));
        using var suspended = OperatingSystem.IsWindows() ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Suspend);
        EnterIt(draw);
        var input = InputAsync(press, draw, over.Token);
        try
        {
            await work();
        }
        finally
        {
            await over.CancelAsync();
            await input;
            LeaveIt(isOver: true);
        }
    }

    /// <param name="picture">The lines for so many columns and lines.</param>
    public void Draw(Func<int, int, IReadOnlyList<Line>> picture)
    {
        lock (_gate)
        {
            if (!_isShown) return;

            _drawn = Size();
            var (width, height) = _drawn;
            using var text = new StringWriter();
            var console = profile.Over(text);
            console.Profile.Width = int.MaxValue / 4;
            var frame = new StringBuilder(Home);
            foreach (var (i, line) in picture(width, height).Take(height).Index())
            {
                frame.Append(i > 0 ? "\r\n" : "");
                console.Markup(line.ToMarkup(width - 1, profile.Unicode));
                frame.Append(text).Append(ClearLine);
                text.GetStringBuilder().Clear();
            }

            writer.Write(frame.Append(ClearBelow).ToString());
            writer.Flush();
        }
    }

    private (int Width, int Height) Size() =>
        terminal.Size() is var size && profile.FollowsTerminal ? size : (profile.Width ?? size.Width, size.Height);

    private async Task InputAsync(Func<ConsoleKeyInfo, Task> press, Action draw, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            if (!_isShown)
            {
                EnterIt(draw);
            }
            else if (Size() != _drawn)
            {
                draw();
            }

            while (_isShown && terminal.Key?.Invoke() is { } pressed)
            {
                await press(pressed);
            }

            await Task.Delay(Every, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ctrl-Z: the shell gets its screen, and the view comes back with <c>fg</c>.</summary>
    private void Suspend(PosixSignalContext signal)
    {
        LeaveIt(isOver: false);
        signal.Cancel = true; // .NET would not stop a program that listens to this signal
        terminal.Suspend();
    }

    private void EnterIt(Action draw)
    {
        lock (_gate)
        {
            if (_isShown || _isOver || !terminal.IsForeground()) return;

            _isShown = true;
            writer.Write(Enter);
        }

        draw();
    }

    private void LeaveIt(bool isOver)
    {
        lock (_gate)
        {
            _isOver |= isOver;
            if (!_isShown) return;

            _isShown = false;
            writer.Write(Leave);
            writer.Flush();
        }
    }
}
