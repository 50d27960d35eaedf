using SeqMnistSweep.Files;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Reads a trial's log by lines; they are the program's own, without control characters but tabs.</summary>
/// <param name="read">The part from an offset, in bytes.</param>
/// <param name="reconnect">After the head was away.</param>
/// <param name="talk">Hears where the lines come from, and why none come.</param>
internal sealed class TrialLogReader(
    ResultSource results, TrialId trial, Func<long, CancellationToken, Task<LogChunk>> read, Func<CancellationToken, Task> reconnect,
    TimeProvider time, Action<string> talk)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private string? _worker;
    private long _offset;
    private string _rest = "";
    private string? _told;

    /// <summary>From the head, and for what runs from the worker through it.</summary>
    public static TrialLogReader Of(HeadSession session, TrialId trial, TimeProvider time, Action<string> talk) => new(
        session.Results, trial,
        (offset, stop) => session.HeadAsync(head => head.ReadLog(trial, offset), stop, refused: ExitCodes.NotFound),
        session.TryConnectAsync, time, talk);

    /// <summary>Out of files of this machine.</summary>
    /// <param name="files">An earlier one goes on in the next.</param>
    /// <param name="worker">Whose they are.</param>
    public static TrialLogReader Of(
        FileResults results, TrialId trial, IReadOnlyList<string> files, string worker, TimeProvider time, Action<string> talk) => new(
        results, trial,
        (offset, _) =>
        {
            var (text, next) = LogFile.Read(files, offset, isWhole: !results.IsHeld);
            return Task.FromResult(new LogChunk(0, worker, text, next, Ended: false));
        },
        _ => Task.CompletedTask, time, talk);

    /// <summary>What there is now.</summary>
    /// <param name="tail">Only the last lines; null for all.</param>
    /// <exception cref="CommandError">There is no log to be had.</exception>
    public async Task ReadAsync(int? tail, Action<string> write, CancellationToken cancellation)
    {
        var lines = new Queue<string>();
        while (await NextAsync(cancellation) is { Text.Length: > 0 } chunk)
        {
            foreach (var line in Lines(chunk.Text))
            {
                Take(line);
            }
        }

        if (_rest.Length > 0)
        {
            Take(Plain(_rest));
            _rest = "";
        }

        foreach (var line in lines)
        {
            write(line);
        }

        void Take(string line)
        {
            if (tail is null)
            {
                write(line);
                return;
            }

            lines.Enqueue(line);
            if (lines.Count > tail)
            {
                lines.Dequeue();
            }
        }
    }

    /// <summary>What there is, and what comes, until the trial has ended; waits for heads and workers that are away.</summary>
    public async Task FollowAsync(int? tail, Action<string> write, CancellationToken cancellation)
    {
        var begun = false;
        while (true)
        {
            var ended = false;
            try
            {
                // Asked before the log is read: what was written before the end is then not missed.
                ended = await HasEndedAsync(cancellation);
                await ReadAsync(begun ? null : tail, write, cancellation);
                begun = true;
                Tell(null);
            }
            catch (HeadUnreachable error)
            {
                Tell($"{error.Message}; waiting for it");
                await reconnect(cancellation);
            }
            catch (CommandError error) when (error.ExitCode == ExitCodes.NotFound && !ended)
            {
                Tell($"{error.Message}; waiting");
            }

            if (ended) return;

            await Task.Delay(Every, time, cancellation);
        }
    }

    private async Task<bool> HasEndedAsync(CancellationToken cancellation) =>
        await results.TrialAsync(trial, cancellation) is not { } row || StateNames.Parse<TrialState>(row.State).IsFinal();

    /// <summary>The next part. When the trial has moved to another worker from the beginning of that one's log, for that of a worker that is
    /// lost is lost with it.</summary>
    private async Task<LogChunk?> NextAsync(CancellationToken cancellation)
    {
        var chunk = await read(_offset, cancellation);
        if (chunk.Worker != _worker)
        {
            talk($"--- on worker {chunk.Worker}");
            (_worker, var before) = (chunk.Worker, _offset);
            if (before > chunk.Start)
            {
                (_offset, _rest) = (chunk.Start, "");
                return await NextAsync(cancellation);
            }
        }

        if (chunk.Next <= _offset) return null;

        _offset = chunk.Next;
        return chunk;
    }

    private IEnumerable<string> Lines(string text)
    {
        var parts = (_rest + text).Split('\n');
        _rest = parts[^1];
        return parts[..^1].Select(line => Plain(line.TrimEnd('\r')));
    }

    private static string Plain(string line) => string.Join('\t', line.Split('\t').Select(TableOutput.Plain));

    private void Tell(string? trouble)
    {
        if (trouble is not null && trouble != _told)
        {
            talk(trouble);
        }

        _told = trouble;
    }
}
