using System.Text;
using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Tests.Console;

public sealed class ConsoleWriterTests
{
    public static TheoryData<Exception> WaysToFail =>
        [new IOException("No space left on device"), new UnauthorizedAccessException(), new ObjectDisposedException("stream"), new ArgumentException("EFBIG")];

    [Theory]
    [MemberData(nameof(WaysToFail))]
    public void Talk_that_cannot_be_written_is_dropped_and_the_next_line_is_tried(Exception failure)
    {
        var stream = new Stubborn { Failure = failure };
        var writer = new ConsoleWriter(stream, isData: false);
        writer.WriteLine("lost");
        writer.Write('x');
        writer.Write("lost");
        writer.Write(['l', 'o', 's', 't']);
        writer.Flush();
        stream.Failure = null;
        writer.WriteLine($"heard {1}");
        Assert.Equal("heard 1" + Environment.NewLine, stream.Written.ToString());
    }

    [Theory]
    [MemberData(nameof(WaysToFail))]
    public async Task Data_that_cannot_be_written_is_an_error_with_its_code(Exception failure)
    {
        var writer = new ConsoleWriter(new Stubborn { Failure = failure }, isData: true);
        var error = Assert.Throws<CommandError>(() => writer.WriteLine("data"));
        Assert.Equal(ExitCodes.NotAllowed, error.ExitCode);
        Assert.Contains("standard output cannot be written", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CommandError>(() => writer.WriteAsync("data"));
    }

    [Fact]
    public void Another_error_is_nobodys_to_hide() =>
        Assert.Throws<InvalidOperationException>(
            () => new ConsoleWriter(new Stubborn { Failure = new InvalidOperationException() }, isData: false).WriteLine("x"));

    private sealed class Stubborn : TextWriter
    {
        public Exception? Failure { get; set; }

        public StringBuilder Written { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (Failure is not null) throw Failure;

            Written.Append(value);
        }

        public override void Flush()
        {
            if (Failure is not null) throw Failure;
        }
    }
}
