using System.Text;

namespace SeqMnistSweep.Cli.Console;

/// <summary>A standard stream that may be full, closed, or a terminal that is gone. Talk that cannot be written is dropped: it is for a
/// person, and the work goes on. Data that cannot be written is an error.</summary>
/// <param name="isData">Whether somebody waits for what is written.</param>
internal sealed class ConsoleWriter(TextWriter inner, bool isData) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    /// <exception cref="CommandError">The stream cannot be written.</exception>
    public static void WriteData(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (IsOfStream(error))
        {
            throw new CommandError(ExitCodes.NotAllowed, $"standard output cannot be written: {error.Message}");
        }
    }

    private void Try(Action write)
    {
        try
        {
            WriteData(write);
        }
        catch (CommandError) when (!isData)
        {
            // The next line may find room again.
        }
    }

    /// <summary>.NET has a type of exception for each errno.</summary>
    private static bool IsOfStream(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentException or ObjectDisposedException or OperationCanceledException;
}
