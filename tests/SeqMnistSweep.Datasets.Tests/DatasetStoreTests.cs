namespace SeqMnistSweep.Datasets.Tests;

public sealed class DatasetStoreTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = DatasetDownload.CreateClient();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dataset_is_loaded_raw_or_zipped_with_its_digest(bool zipped)
    {
        SmallDataset.WriteTo(_folder, "cache/mnist", zipped);

        var dataset = Store().Load("mnist");

        Assert.Equal("mnist", dataset.Name);
        Assert.Equal(SmallDataset.Define().Digest, dataset.Digest);
        Assert.Equal([0, 1, 2, 3, 4], dataset.Train.Labels);
        Assert.Equal(3, dataset.Test.Count);
        Assert.Equal(SmallDataset.Raw[SmallDataset.FirstImages][16..], dataset.Train.Images);
    }

    [Fact]
    public void Places_are_tried_in_their_order()
    {
        Directory.CreateDirectory(_folder["data"]);
        var places = new[] { ("debian", "Debian's package dataset-fashion-mnist"), ("cache/fashion-mnist", "the cache"), ("variable/fashion-mnist", "SEQSWEEP_DATA"), ("data/fashion-mnist", "--data") };
        foreach (var (folder, place) in places)
        {
            SmallDataset.WriteTo(_folder, folder);
            var found = Store("fashion-mnist").Locate("fashion-mnist");
            Assert.Equal((place, _folder[folder]), (found?.Place, found?.Folder));
        }
    }

    [Fact]
    public void Debians_package_is_no_place_for_another_dataset()
    {
        SmallDataset.WriteTo(_folder, "debian");
        Assert.Null(Store().Locate("mnist"));
    }

    [Fact]
    public void A_missing_dataset_lists_every_place_and_the_command()
    {
        Directory.CreateDirectory(_folder["data"]);
        var error = Assert.Throws<DatasetException>(() => Store("fashion-mnist").Load("fashion-mnist"));
        Assert.All(
            [_folder["data", "fashion-mnist"], _folder["variable", "fashion-mnist"], _folder["cache", "fashion-mnist"], _folder["debian"], "`seqsweep data fetch fashion-mnist`"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        var error = Assert.Throws<DatasetException>(() => new DatasetStore(Places()).Load("cifar"));
        Assert.Contains("no dataset 'cifar'", error.Message, StringComparison.Ordinal);
        Assert.Contains("mnist, fashion-mnist, glyphs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_that_does_not_exist_is_an_error_even_where_another_place_has_the_dataset()
    {
        SmallDataset.WriteTo(_folder, "cache/mnist");
        var error = Assert.Throws<DatasetException>(() => new DatasetStore(Places(data: "typo")).Load("mnist"));
        Assert.Contains($"--data {_folder["typo"]}: there is no such folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_found_dataset_of_other_bytes_is_an_error_with_both_digests_and_no_other_place_is_tried()
    {
        SmallDataset.WriteTo(_folder, "cache/mnist");
        SmallDataset.WriteTo(_folder, "variable/mnist");
        var path = _folder.Write("variable/mnist/train-labels-idx1-ubyte", IdxBytes.Labels(0, 1, 2, 3, 5));

        var error = Assert.Throws<DatasetException>(() => Store().Load("mnist"));

        var expected = SmallDataset.Define().Files[1].Sha256;
        Assert.All(
            [path + ": ", $"expected {expected}", IdxFile.Read(path, IdxKind.Labels).Sha256, "`seqsweep data fetch mnist`"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_with_some_of_the_files_is_an_error_that_names_the_missing_one()
    {
        SmallDataset.WriteTo(_folder, "cache/mnist");
        SmallDataset.WriteTo(_folder, "variable/mnist");
        File.Delete(_folder["variable", "mnist", "t10k-labels-idx1-ubyte"]);

        var error = Assert.Throws<DatasetException>(() => Store().Load("mnist"));

        Assert.Contains(_folder["variable", "mnist", "t10k-labels-idx1-ubyte"], error.Message, StringComparison.Ordinal);
        Assert.Contains("no such file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_reports_every_file_at_once()
    {
        SmallDataset.WriteTo(_folder, "cache/mnist");
        _folder.Write("cache/mnist/train-labels-idx1-ubyte", IdxBytes.Labels(5));
        File.Delete(_folder["cache", "mnist", "t10k-labels-idx1-ubyte"]);

        var checks = Store().Verify("mnist");

        Assert.Equal([true, false, true, false], checks.Select(check => check.Error is null));
        Assert.Equal(SmallDataset.Define().Files[0].Sha256, checks[0].Found);
    }

    [Fact]
    public void The_last_dataset_is_kept_and_shared_by_threads()
    {
        var folder = SmallDataset.WriteTo(_folder, "cache/mnist");
        var store = Store();
        var loaded = new Dataset[8];
        Parallel.For(0, loaded.Length, i => loaded[i] = store.Load("mnist"));
        Directory.Delete(folder, recursive: true);

        Assert.All(loaded, dataset => Assert.Same(loaded[0], dataset));
        Assert.Same(loaded[0], store.Load("mnist"));
    }

    [Fact]
    public async Task What_is_fetched_is_loaded_and_not_fetched_twice()
    {
        using var mirror = Mirror();
        var store = Store("mnist", mirror.Base);

        var location = await Fetch(store);
        await Fetch(store);

        Assert.Equal(_folder["cache", "mnist"], location.Folder);
        Assert.Equal(4, mirror.Requests.Count);
        Assert.Equal(5, store.Load("mnist").Train.Count);
        Assert.False(Directory.Exists(_folder["cache", ".mnist.partial"]));
    }

    [Fact]
    public async Task A_broken_copy_in_the_cache_is_replaced_by_a_fetch()
    {
        SmallDataset.WriteTo(_folder, "cache/mnist");
        _folder.Write("cache/mnist/t10k-images-idx3-ubyte", IdxBytes.Images(3));
        using var mirror = Mirror();
        var store = Store("mnist", mirror.Base);

        await Fetch(store);

        Assert.Equal(3, store.Load("mnist").Test.Count);
    }

    [Fact]
    public async Task A_broken_copy_outside_the_cache_is_an_error_and_stays()
    {
        SmallDataset.WriteTo(_folder, "variable/mnist");
        var broken = _folder.Write("variable/mnist/t10k-images-idx3-ubyte", IdxBytes.Images(3));
        using var mirror = Mirror();

        var error = await Assert.ThrowsAsync<DatasetException>(() => Fetch(Store("mnist", mirror.Base)));

        Assert.StartsWith(broken, error.Message, StringComparison.Ordinal);
        Assert.Empty(mirror.Requests);
    }

    [Fact]
    public async Task Several_that_fetch_at_once_wait_for_the_first()
    {
        using var mirror = Mirror();
        var fetches = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Fetch(Store("mnist", mirror.Base)))).ToArray();

        await Task.WhenAll(fetches);

        Assert.Equal(4, mirror.Requests.Count);
        Assert.Equal(5, Store().Load("mnist").Train.Count);
    }

    [Fact]
    public async Task A_failed_fetch_leaves_no_dataset_and_the_next_goes_on()
    {
        using var mirror = new MirrorServer(request =>
            request is { File: "t10k-images-idx3-ubyte.gz", Number: 1 } ? MirrorReply.Failure(404) : new MirrorReply(SmallDataset.Zipped[request.File]));
        var store = Store("mnist", mirror.Base);

        await Assert.ThrowsAsync<DatasetException>(() => Fetch(store));
        Assert.Null(store.Locate("mnist"));
        await Fetch(store);

        Assert.Equal(5, mirror.Requests.Count);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_named()
    {
        _folder.Write("cache", [1]);
        using var mirror = Mirror();
        var error = await Assert.ThrowsAsync<DatasetException>(() => Fetch(Store("mnist", mirror.Base)));
        Assert.Contains($"{_folder["cache"]} cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_places_follow_the_variables()
    {
        var variables = new Dictionary<string, string> { ["HOME"] = "/home/u", ["XDG_CACHE_HOME"] = "relative", ["SEQSWEEP_DATA"] = "" };
        Assert.Equal("/home/u/.cache/seqsweep/data", DatasetPlaces.From(null, variables.GetValueOrDefault).CacheFolder);
        Assert.Null(DatasetPlaces.From("", variables.GetValueOrDefault).DataFolder);
        Assert.Null(DatasetPlaces.From(null, variables.GetValueOrDefault).VariableFolder);
        variables["XDG_CACHE_HOME"] = "/x";
        Assert.Equal("/x/seqsweep/data", DatasetPlaces.From(null, variables.GetValueOrDefault).CacheFolder);
        Assert.Null(DatasetPlaces.From(null, _ => null).CacheFolder);
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    private static MirrorServer Mirror() => new(request => new MirrorReply(SmallDataset.Zipped[request.File]));

    private Task<DatasetLocation> Fetch(DatasetStore store) => store.FetchAsync("mnist", new DatasetDownload(_client)).WaitAsync(Patience);

    private DatasetPlaces Places(string? data = null) =>
        new(
            data is not null ? _folder[data] : Directory.Exists(_folder["data"]) ? _folder["data"] : null,
            _folder["variable"],
            _folder["cache"],
            _folder["debian"]);

    private DatasetStore Store(string name = "mnist", params Uri[] mirrors) => new(Places(), [SmallDataset.Define(name, mirrors)]);
}
