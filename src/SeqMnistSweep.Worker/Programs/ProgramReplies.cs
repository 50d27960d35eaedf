using System.Text.Json;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>The file in which a worker answers a program that wants to know: a JSON object a line, in the order of the answers.</summary>
/// <param name="path">The file; emptied by <see cref="Open"/>.</param>
internal sealed class ProgramReplies(string path)
{
    private readonly object _gate = new();

    public void Open() => PrivateFile.Write(path, []);

    /// <summary>A pruner has decided on the report of an epoch.</summary>
    public void Decided(int epoch, Verdict verdict) => Write(line =>
    {
        line.WriteNumber("epoch", epoch);
        line.WriteString("verdict", verdict switch { Verdict.Stop => "stop", Verdict.Pause => "pause", _ => "continue" });
    });

    /// <summary>A checkpoint has been copied, or cannot be.</summary>
    /// <param name="epoch">As the program named it; null when it did not.</param>
    public void Took(string checkpoint, int? epoch, bool isTaken) => Write(line =>
    {
        line.WriteString("checkpoint", checkpoint);
        if (epoch is { } named)
        {
            line.WriteNumber("epoch", named);
        }

        line.WriteBoolean("taken", isTaken);
    });

    private void Write(Action<Utf8JsonWriter> fields)
    {
        lock (_gate)
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            using (var line = new Utf8JsonWriter(file))
            {
                line.WriteStartObject();
                fields(line);
                line.WriteEndObject();
            }

            file.WriteByte((byte)'\n');
        }
    }
}
