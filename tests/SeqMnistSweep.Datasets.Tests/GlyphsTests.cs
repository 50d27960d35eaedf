using SeqMnistSweep.Files;

namespace SeqMnistSweep.Datasets.Tests;

public sealed class GlyphsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The whole set takes seconds to draw; what happens to its files does not depend on how many images they hold.</summary>
    private static readonly DatasetDefinition Few = Define(300, 60);

    private static DatasetPlaces Nowhere => new(null, null, null, null);

    [Fact]
    public void The_whole_set_has_the_published_digest()
    {
        var dataset = new DatasetStore(Nowhere).Load("glyphs");

        Assert.Equal("3a0361447523b980c5c4a155b21dffc8721028da12667fd40064f795e272b500", dataset.Digest);
        Assert.Equal((60_000, 10_000), (dataset.Train.Count, dataset.Test.Count));
        Assert.All(Enumerable.Range(0, 10), digit => Assert.InRange(dataset.Train.Labels.Count(label => label == digit), 5_700, 6_300));
    }

    [Fact]
    public void An_image_does_not_depend_on_the_others_or_on_threads()
    {
        var many = Glyphs.Draw(1_000, 1_200, threads: 3);
        foreach (var i in new[] { 0, 499, 500, 1_199 })
        {
            var one = Glyphs.Draw(1_000 + i, 1);
            Assert.Equal(many.Labels[i], one.Labels[0]);
            Assert.Equal(many.Images.AsSpan(i * 784, 784).ToArray(), one.Images);
        }
    }

    [Fact]
    public void Drawing_tells_how_many_are_drawn()
    {
        var told = new System.Collections.Concurrent.ConcurrentBag<int>();
        Glyphs.Draw(0, 1_200, threads: 3, told.Add);
        Assert.Equal(3, told.Count);
        Assert.Equal(1_200, told.Max());
    }

    [Fact]
    public void Every_image_has_ink_but_is_mostly_background()
    {
        var set = Glyphs.Draw(0, 2_000);
        for (var i = 0; i < set.Count; i++)
        {
            var image = set.Images.AsSpan(i * 784, 784).ToArray();
            Assert.InRange(image.Count(pixel => pixel > 100), 15, 350);
        }
    }

    [Fact]
    public void The_first_use_writes_the_cache_and_the_second_reads_it()
    {
        var places = Nowhere with { CacheFolder = _folder["cache"] };
        var drawn = new DatasetStore(places, [Few]).Load("glyphs");

        Assert.Equal(_folder["cache", "glyphs"], new DatasetStore(places, [Few]).Locate("glyphs")?.Folder);
        var read = new DatasetStore(places, [Few]).Load("glyphs");
        Assert.Equal(drawn.Digest, read.Digest);
        Assert.True(drawn.Train.Images.AsSpan().SequenceEqual(read.Train.Images));
        Assert.True(drawn.Test.Labels.AsSpan().SequenceEqual(read.Test.Labels));

        File.WriteAllBytes(_folder["cache", "glyphs", "t10k-labels-idx1-ubyte"], IdxBytes.Labels(1));
        var error = Assert.Throws<DatasetException>(() => new DatasetStore(places, [Few]).Load("glyphs"));
        Assert.EndsWith($"delete the folder {_folder["cache", "glyphs"]} and the program draws it anew", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_that_draw_at_once_leave_one_sound_cache()
    {
        var places = Nowhere with { CacheFolder = _folder["cache"] };
        Parallel.For(0, 2, _ => new DatasetStore(places, [Few]).Load("glyphs"));
        Assert.All(new DatasetStore(places, [Few]).Verify("glyphs"), check => Assert.Null(check.Error));
        Assert.Equal([_folder["cache", "glyphs"]], Directory.GetDirectories(_folder["cache"]));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_costs_only_the_drawing()
    {
        var places = Nowhere with { CacheFolder = _folder.Write("file", [1]) };
        Assert.Equal(300, new DatasetStore(places, [Few]).Load("glyphs").Train.Count);
    }

    [Fact]
    public void A_linear_classifier_stays_below_92_percent()
    {
        // 20,000 images and 6 passes come within two points of what 60,000 and 30 passes reach (81.7 %).
        var classifier = new LinearClassifier();
        classifier.Train(Glyphs.Draw(0, 20_000), passes: 6);
        Assert.InRange(classifier.Accuracy(Glyphs.Draw(Glyphs.TrainCount, 2_000)), 0.70, 0.92);
    }

    public void Dispose() => _folder.Dispose();

    private static DatasetDefinition Define(int train, int test)
    {
        var (first, second) = (Glyphs.Draw(0, train), Glyphs.Draw(train, test));
        var files = new[] { (IdxKind.Images, first.Images), (IdxKind.Labels, first.Labels), (IdxKind.Images, second.Images), (IdxKind.Labels, second.Labels) };
        return DatasetCatalog.Glyphs with
        {
            Files = [.. DatasetCatalog.Glyphs.Files.Zip(files, (file, content) =>
            {
                var count = content.Item2.Length / IdxHeader.ItemSize(content.Item1);
                return file with { Count = count, Sha256 = Digest.Of(IdxHeader.Create(content.Item1, count), content.Item2) };
            })],
        };
    }
}
