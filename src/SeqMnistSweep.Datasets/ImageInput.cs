namespace SeqMnistSweep.Datasets;

/// <summary>Images that a person gives to classify.</summary>
public static class ImageInput
{
    /// <summary>Reads an IDX file of images (gzip or raw), or one PNG of 28x28: white strokes on black, as in MNIST.</summary>
    /// <returns>N x 784 bytes.</returns>
    /// <exception cref="DatasetException">The file is neither; the message says what is wrong.</exception>
    public static byte[] Read(string path)
    {
        var start = new byte[PngImage.Signature.Length];
        try
        {
            using var file = File.OpenRead(path);
            _ = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The reader of IDX files says what is wrong with a path.
        }

        if (!start.AsSpan().SequenceEqual(PngImage.Signature))
        {
            return IdxFile.Read(path, IdxKind.Images, "give an IDX file of images or a PNG of 28x28").Payload;
        }

        try
        {
            var image = PngImage.Read(File.ReadAllBytes(path));
            return (image.Width, image.Height) == (ImageSet.Side, ImageSet.Side)
                ? image.Grey
                : throw new DatasetException(
                    $"{path}: it has {image.Width}x{image.Height} pixels; 28x28 are accepted, as in MNIST; scale it first");
        }
        catch (FormatException error)
        {
            throw new DatasetException($"{path}: {error.Message}", error);
        }
    }
}
