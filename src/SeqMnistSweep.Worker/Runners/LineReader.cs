using System.Text;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>Reads lines of a stranger's output; of one that is too long only the beginning, so that it cannot fill the memory.</summary>
internal sealed class LineReader(TextReader reader, int longest)
{
    private const int MaxAhead = 1000;

    private readonly char[] _buffer = new char[4096];
    private readonly StringBuilder _line = new();
    private readonly Queue<string> _ahead = [];
    private Task<string?>? _reading;
    private int _next;
    private int _filled;

    /// <summary>The next line, cut after <c>longest</c> characters; null at the end, and when the other side is gone.</summary>
    public async ValueTask<string?> ReadAsync()
    {
        if (_ahead.TryDequeue(out var line)) return line;

        var reading = _reading ?? ReadLineAsync();
        _reading = null;
        return await reading;
    }

    /// <summary>Whether a certain line is among the next ones, as far as they come before <paramref name="end"/>. They are read all the
    /// same.</summary>
    public async Task<bool> ComesAsync(Func<string, bool> isMeant, Task end)
    {
        if (_ahead.Any(isMeant)) return true;

        while (_ahead.Count < MaxAhead)
        {
            _reading ??= ReadLineAsync();
            if (await Task.WhenAny(_reading, end) != _reading || await _reading is not { } line) return false;

            _reading = null;
            _ahead.Enqueue(line);
            if (isMeant(line)) return true;
        }

        return false;
    }

    private async Task<string?> ReadLineAsync()
    {
        _line.Clear();
        while (true)
        {
            if (_next == _filled)
            {
                (_next, _filled) = (0, await FillAsync());
                if (_filled == 0) return _line.Length > 0 ? Take() : null;
            }

            var rest = _buffer.AsMemory(_next, _filled - _next);
            var end = rest.Span.IndexOf('\n');
            var part = end < 0 ? rest : rest[..end];
            _line.Append(part.Span[..Math.Min(part.Length, longest - _line.Length)]);
            _next += end < 0 ? rest.Length : end + 1;
            if (end >= 0) return Take();
        }
    }

    private string Take() => _line.ToString().TrimEnd('\r');

    private async ValueTask<int> FillAsync()
    {
        try
        {
            return await reader.ReadAsync(_buffer);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return 0;
        }
    }
}
