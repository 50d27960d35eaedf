using System.Net;

namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>So many bytes of a file from where it stands, however it grows meanwhile.</summary>
internal sealed class FilePart(Stream file, long bytes) : HttpContent
{
    /// <exception cref="IOException">The file has become shorter.</exception>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var buffer = new byte[81920];
        for (var left = bytes; left > 0;)
        {
            var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)));
            if (read == 0) throw new IOException("the file has become shorter while it was sent");

            await stream.WriteAsync(buffer.AsMemory(0, read));
            left -= read;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }
}
