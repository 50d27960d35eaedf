using System.Text;

namespace SeqMnistSweep.Cli.Client;

/// <summary>A line on the terminal for a command that has said nothing for a second: how long it has worked. What the command says, or asks for,
/// takes its place for good.</summary>
internal sealed class WaitingLine : IDisposable
{
    private const string Clear = "\r\u001b[K";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CommandContext _context;
    private readonly string _verb;
    private readonly long _begin;
    private readonly ITimer _timer;
    private bool _isShown;
    private volatile bool _isOver;

    private WaitingLine(CommandContext context, string verb)
    {
        (_context, _verb, _begin) = (context, verb, context.Time.GetTimestamp());
        _timer = context.Time.CreateTimer(_ => Show(), null, Every, Every);
    }

    /// <returns>Null where nobody looks, or nothing can be redrawn.</returns>
    /// <param name="verb">What the person typed.</param>
    public static WaitingLine? Of(CommandContext context, string verb) =>
        context.Terminal is not null && context.ErrorProfile("auto").Animation ? new WaitingLine(context, verb) : null;

    /// <summary>The streams, whose use ends the line.</summary>
    public CommandContext Watch() => _context with
    {
        In = new Reader(_context.In, End), Out = new Writer(_context.Out, End), Error = new Writer(_context.Error, End),
    };

    public void Dispose()
    {
        End();
        _timer.Dispose();
    }

    private void Show()
    {
        lock (_gate)
        {
            if (_isOver || !_context.Terminal!.IsForeground()) return;

            _isShown = true;
            _context.Error.Write($"{Clear}{_verb}: {_context.Time.GetElapsedTime(_begin).TotalSeconds:0} s ...");
            _context.Error.Flush();
        }
    }

    private void End()
    {
        if (_isOver) return;

        lock (_gate)
        {
            if (_isShown)
            {
                _context.Error.Write(Clear);
                _context.Error.Flush();
            }

            (_isShown, _isOver) = (false, true);
        }
    }

    private sealed class Writer(TextWriter inner, Action end) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => After(() => inner.Write(value));

        public override void Write(char[] buffer, int index, int count) => After(() => inner.Write(buffer, index, count));

        public override void Write(string? value) => After(() => inner.Write(value));

        public override void WriteLine(string? value) => After(() => inner.WriteLine(value));

        public override void Flush() => inner.Flush();

        private void After(Action write)
        {
            end();
            write();
        }
    }

    private sealed class Reader(TextReader inner, Action end) : TextReader
    {
        public override int Read()
        {
            end();
            return inner.Read();
        }

        public override string? ReadLine()
        {
            end();
            return inner.ReadLine();
        }

        public override string ReadToEnd()
        {
            end();
            return inner.ReadToEnd();
        }

        public override Task<string> ReadToEndAsync(CancellationToken cancellation)
        {
            end();
            return inner.ReadToEndAsync(cancellation);
        }
    }
}
