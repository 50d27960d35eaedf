using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Queries;

/// <summary>One query in a process of its own, killed when its time is over or its asker has left: SQLite asks nobody whether to go on
/// while it is within a function, and what a query takes it takes from that process alone.</summary>
internal sealed class QueryProcess : IDisposable
{
    private const string HeapLimit = "20000000"; // hexadecimal, as .NET reads it: 512 MiB

    /// <summary>For a machine that is busy; a fifth of a second is usual.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    /// <summary>A query that SQLite can stop says so itself, a moment after its time.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly PipeReader _output;
    private readonly TimeProvider _time;

    /// <param name="command">Starts this program so that it runs <see cref="QueryAnswer"/>.</param>
    public QueryProcess(IReadOnlyList<string> command, TimeProvider time)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        _output = PipeReader.Create(_process.StandardOutput.BaseStream);
        _time = time;

        // The last words of a process without memory help nobody.
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>Returns when the whole result is there.</summary>
    /// <exception cref="QueryException">The query is wrong, would do more than read, or takes too much or too long.</exception>
    /// <exception cref="DatabaseException">The database cannot be read.</exception>
    /// <exception cref="TimeoutException">The process did not start.</exception>
    public async Task RunAsync(ReadOnlyQuery query, string database, CancellationToken stop)
    {
        var task = new QueryTask(database, query.Sql, query.MaxRows, query.Timeout.TotalSeconds);
        await TellAsync(QueryLines.Write(task));
        if (await LineAsync(StartTime, stop) != QueryLines.Begins) throw new TimeoutException("the process of the query did not start");

        var line = await LineAsync(query.Timeout + Margin, stop) ?? throw QueryException.Late(query.Timeout);
        if (line.Length == 0)
        {
            throw new QueryException("the query takes too much memory", "ask for less, or sort and group less at once");
        }

        var outcome = QueryLines.Read<QueryOutcome>(line);
        switch (outcome.End)
        {
            case QueryEnd.Refused: throw new QueryException(outcome.Message!, outcome.Hint, outcome.Position);
            case QueryEnd.Failed: throw new DatabaseException(outcome.Message!, outcome.Hint);
        }
    }

    /// <summary>Sends the result, as JSON.</summary>
    /// <exception cref="IOException">The process died meanwhile.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task SendAsync(PipeWriter to, CancellationToken stop)
    {
        using var end = stop.Register(Kill);
        await _output.CopyToAsync(to, stop);
        await _process.WaitForExitAsync(stop);
        if (_process.ExitCode != 0)
        {
            throw new IOException("the process of the query died");
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task TellAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteAsync($"{line}\n");
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended already, which its output tells.
        }
    }

    /// <returns>Null when it was too late; empty when the process ended without one.</returns>
    private async Task<string?> LineAsync(TimeSpan patience, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(patience, _time);
        using var tooLate = late.Token.Register(Kill);
        using var unwanted = stop.Register(Kill);
        while (true)
        {
            var read = await _output.ReadAsync(CancellationToken.None);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end));
                _output.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            _output.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (!read.IsCompleted) continue;

            stop.ThrowIfCancellationRequested();
            return late.IsCancellationRequested ? null : "";
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
        }
    }
}
