namespace SeqMnistSweep.Datasets;

/// <summary>A loaded dataset. <see cref="Digest"/> is the lower-case hex SHA-256 of the text made of the four lower-case hex SHA-256
/// digests of the decompressed IDX files, joined by single newlines, in the order training images, training labels, test images, test
/// labels: how the files are compressed does not change it.</summary>
/// <param name="Name">As in the catalogue.</param>
/// <param name="Digest">64 hexadecimal digits.</param>
/// <param name="Train">The training images, 60,000 in every published dataset.</param>
/// <param name="Test">The test images, 10,000 in every published dataset.</param>
public sealed record Dataset(string Name, string Digest, ImageSet Train, ImageSet Test);
