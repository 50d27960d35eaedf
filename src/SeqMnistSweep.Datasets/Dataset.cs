namespace SeqMnistSweep.Datasets;

/// <summary>
/// A loaded dataset. <see cref="Digest"/> is the lower-case hex SHA-256 of the text made of the four lower-case hex SHA-256
/// digests of the decompressed IDX files, joined by single newlines, in the order training images, training labels, test images,
/// test labels: how the files are compressed does not change it.
/// </summary>
public sealed record Dataset(string Name, string Digest, ImageSet Train, ImageSet Test);
