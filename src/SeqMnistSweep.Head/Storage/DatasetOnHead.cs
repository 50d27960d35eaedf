namespace SeqMnistSweep.Head.Storage;

/// <summary>A dataset that the head gives to workers that lack it.</summary>
/// <param name="Digest">Of the whole, as sweeps store it.</param>
public sealed record DatasetOnHead(string Digest, IReadOnlyList<DatasetFileInfo> Files);

/// <summary>Some of a dataset's test images, from the first on.</summary>
/// <param name="Digest">Of the whole dataset.</param>
/// <param name="Pixels">28 x 28 bytes an image, 0 is background.</param>
public sealed record SampleImages(string Digest, byte[] Pixels);

/// <param name="Name">Without a folder; ends in .gz where the file is compressed.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its size as it lies there.</param>
/// <param name="Sha256">Of those bytes, 64 lower-case hexadecimal digits.</param>
public sealed record DatasetFileInfo(string Name, string Path, long Bytes, string Sha256);
