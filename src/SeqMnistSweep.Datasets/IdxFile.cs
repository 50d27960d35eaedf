using System.Buffers.Binary;
using System.IO.Compression;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Datasets;

/// <summary>What an IDX file holds: the bytes after the header, and the lower-case hex SHA-256 of the whole decompressed file.</summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Count">Images or labels.</param>
/// <param name="Payload">Count x 784 bytes of images, row by row, or Count labels of 0 to 9.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, header included.</param>
public sealed record IdxContent(string Path, int Count, byte[] Payload, string Sha256);

/// <summary>Reads IDX files, gzip or raw (the first bytes decide, not the name). Nothing in a file is believed before it is proven: memory
/// grows with the bytes that are there, never with what a header announces, and a gzip bomb ends at the announced size.</summary>
public static class IdxFile
{
    private const int FirstBuffer = 1 << 20;
    private const string AnyCure = "replace it by an intact file";

    /// <summary>The most a file may weigh on disk: raw images and room for gzip that did not compress.</summary>
    private static readonly long MostBytes = (long)(IdxHeader.MostItems * (long)ImageSet.Pixels * 1.01) + 1024;

    /// <summary>Reads one file whole. <paramref name="cure"/> ends every error message and tells the user what to do.</summary>
    /// <exception cref="DatasetException">The file is missing, unreadable, malformed, truncated, damaged or longer than it
    /// says.</exception>
    public static IdxContent Read(string path, IdxKind kind, string cure = AnyCure)
    {
        try
        {
            return new Reader(path, kind, cure).Read();
        }
        catch (InvalidDataException damage)
        {
            throw new DatasetException(path, "its gzip data is damaged or cut short; expected an intact gzip stream", cure, damage);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException(path, $"there is no such file of {IdxHeader.Noun(kind)}", cure, failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var reason = failure.Message.TrimEnd('.');
            throw new DatasetException(
                path, $"it cannot be read ({reason}); expected a readable file of IDX {IdxHeader.Noun(kind)}",
                    "check its permissions and the disk", failure);
        }
    }

    /// <summary>Joins a file of images with its labels.</summary>
    /// <exception cref="DatasetException">The counts differ.</exception>
    public static ImageSet Join(IdxContent images, IdxContent labels, string cure = AnyCure) =>
        images.Count == labels.Count
            ? new ImageSet(images.Payload, labels.Payload)
            : throw new DatasetException(
                $"{images.Path} holds {images.Count} images but {labels.Path} holds {labels.Count} labels; expected as many of both; "
                    + $"{cure}");

    /// <summary>Writes a raw IDX file.</summary>
    /// <param name="path">Replaced when it exists.</param>
    /// <param name="kind">What the payload holds.</param>
    /// <param name="payload">N x 784 bytes for images, N bytes of 0 to 9 for labels.</param>
    public static void Write(string path, IdxKind kind, byte[] payload)
    {
        using var file = File.Create(path);
        file.Write(IdxHeader.Create(kind, payload.Length / IdxHeader.ItemSize(kind)));
        file.Write(payload);
    }

    private sealed class Reader(string path, IdxKind kind, string cure)
    {
        private string _origin = "";

        public IdxContent Read()
        {
            if (Directory.Exists(path)) throw Broken($"it is a folder; expected a file of IDX {IdxHeader.Noun(kind)}");

            // Devices and pipes have length 0 and so are never opened: none can hang the reader. A link's own length is its text's.
            var link = File.ResolveLinkTarget(path, returnFinalTarget: true);
            var length = new FileInfo(link?.FullName ?? path).Length;
            if (length == 0) throw Broken($"it is empty; expected a file of IDX {IdxHeader.Noun(kind)}");

            if (length > MostBytes) throw Broken($"it has {length} bytes; expected at most {MostBytes}");

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            Span<byte> start = stackalloc byte[2];
            var zipped = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start[0] == 0x1f && start[1] == 0x8b;
            file.Position = 0;
            if (!zipped) return Read(file, length);

            _origin = "decompressed from gzip, ";
            using var unzipped = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            var content = Read(unzipped, null);
            CheckTrailer(file, IdxHeader.Size(kind) + content.Payload.Length);
            return content;
        }

        private IdxContent Read(Stream stream, long? length)
        {
            var header = new byte[IdxHeader.Size(kind)];
            var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (IdxHeader.Check(header.AsSpan(0, read), kind, out var count) is { } error) throw Broken(error);

            var size = count * IdxHeader.ItemSize(kind);
            if (length is { } total && total != header.Length + size) throw WrongSize(count, $"it has {total} bytes");

            var payload = ReadPayload(stream, count, size);
            if (kind == IdxKind.Labels && payload.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)9) is >= 0 and var bad)
            {
                throw Broken($"label number {bad} is {payload[bad]}; expected 0 to 9");
            }

            return new IdxContent(path, count, payload, Digest.Of(header, payload));
        }

        private byte[] ReadPayload(Stream stream, int count, int size)
        {
            var payload = new byte[Math.Min(size, FirstBuffer)];
            var filled = 0;
            while (filled < size)
            {
                if (filled == payload.Length)
                {
                    Array.Resize(ref payload, (int)Math.Min(size, payload.Length * 2L));
                }

                var read = stream.Read(payload, filled, payload.Length - filled);
                if (read == 0) throw WrongSize(count, $"it ends after {IdxHeader.Size(kind) + filled} bytes");

                filled += read;
            }

            return stream.ReadByte() < 0 ? payload : throw WrongSize(count, "more bytes follow the last item");
        }

        /// <summary>.NET checks the CRC but overlooks a missing trailer and bytes after it; the last four bytes are the size.</summary>
        private void CheckTrailer(FileStream file, int size)
        {
            Span<byte> trailer = stackalloc byte[4];
            file.Seek(-trailer.Length, SeekOrigin.End);
            file.ReadExactly(trailer);
            var stated = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
            if (stated != size)
            {
                throw Broken(
                    $"the gzip trailer states {stated} bytes where {size} came out: the file is cut short or has bytes after its end; "
                        + "expected one whole gzip stream");
            }
        }

        private DatasetException WrongSize(int count, string found)
        {
            var expected = IdxHeader.Size(kind) + (count * IdxHeader.ItemSize(kind));
            return Broken($"{found}; expected {expected} for the {count} {IdxHeader.Noun(kind)} that its header announces");
        }

        private DatasetException Broken(string fault) => new(path, _origin + fault, cure);
    }
}
