using System.Collections.Immutable;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Head.Tests.Http;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Tests.Support;
using SeqMnistSweep.Worker.TrialInputs;

namespace SeqMnistSweep.Worker.Tests.TrialInputs;

public sealed class DatasetFetcherTests : IDisposable
{
    private static readonly DatasetDefinition Small = SmallDataset.Define();

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_is_not_here_is_fetched_once_however_many_wait_for_it()
    {
        var requests = 0;
        await using var head = await HeadAsync(() => Interlocked.Increment(ref requests));
        using var client = HeadFiles.CreateClient(head.Url, _ => head.AdminToken);
        var (one, other) = (Needs(client), Needs(client));
        var folders = await Task.WhenAll(one.ResolveAsync(Grant(), default), one.ResolveAsync(Grant(), default), other.ResolveAsync(Grant(), default));
        Assert.Single(folders.Distinct());
        Assert.Equal(Small.Digest, new DatasetStore(new DatasetPlaces(folders[0], null, null, null), [Small]).Load(Small.Name).Digest);
        Assert.Equal(1 + Small.Files.Count, requests);
    }

    [Fact]
    public async Task A_sound_copy_on_this_machine_is_taken()
    {
        SmallDataset.WriteTo(_folder, "data/mnist");
        await using var head = await HeadAsync(() => Assert.Fail("there was no need to ask"));
        using var client = HeadFiles.CreateClient(head.Url, _ => head.AdminToken);
        Assert.Equal(_folder["data"], await Needs(client, _folder["data"]).ResolveAsync(Grant(), default));
    }

    [Fact]
    public async Task A_broken_copy_on_this_machine_is_passed_over_for_the_heads()
    {
        SmallDataset.WriteTo(_folder, "data/mnist");
        File.WriteAllText(_folder["data/mnist/train-labels-idx1-ubyte"], "broken");
        await using var head = await HeadAsync(() => { });
        using var client = HeadFiles.CreateClient(head.Url, _ => head.AdminToken);
        Assert.StartsWith(_folder["state"], await Needs(client, _folder["data"]).ResolveAsync(Grant(), default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_head_lacks_it_too_the_attempt_fails_with_the_heads_words()
    {
        await using var head = await HttpHead.StartAsync(change: options => options with { Datasets = name => throw new SweepRefusedException($"dataset '{name}' is not on the head's machine") });
        using var client = HeadFiles.CreateClient(head.Url, _ => head.AdminToken);
        var missing = await Assert.ThrowsAsync<InputMissingException>(() => Needs(client).ResolveAsync(Grant(), default));
        Assert.Contains("is not on the head's machine", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_digest_are_never_taken()
    {
        await using var head = await HeadAsync(() => Assert.Fail("there was no need to ask"));
        using var client = HeadFiles.CreateClient(head.Url, _ => head.AdminToken);
        var grant = Grant() with { DatasetDigests = ImmutableSortedDictionary<string, string>.Empty.Add("mnist", new string('0', 64)) };
        var missing = await Assert.ThrowsAsync<InputMissingException>(() => Needs(client).ResolveAsync(grant, default));
        Assert.Equal(FailureCause.Invalid, missing.Cause);
    }

    [Fact]
    public async Task A_program_without_datasets_needs_none() =>
        Assert.Equal("/data", await new DatasetFetcher(Options("/data"), null, TimeProvider.System).ResolveAsync(WorkerRig.Grant(1), default));

    public void Dispose() => _folder.Dispose();

    /// <summary>Serves the small dataset.</summary>
    private async Task<HttpHead> HeadAsync(Action asked)
    {
        var folder = SmallDataset.WriteTo(_folder, "head/mnist", zipped: true);
        var files = Directory.EnumerateFiles(folder).Select(path => new DatasetFileInfo(Path.GetFileName(path), path, new FileInfo(path).Length, HttpHead.DigestOf(File.ReadAllBytes(path)))).ToList();
        return await HttpHead.StartAsync(
            change: options => options with { Datasets = _ => new DatasetOnHead(Small.Digest, files) },
            before: _ =>
            {
                asked();
                return false;
            });
    }

    private DatasetFetcher Needs(HttpClient client, string? dataFolder = null) =>
        new(Options(dataFolder), new HeadFiles(client, TimeProvider.System), TimeProvider.System, [Small]);

    private WorkerOptions Options(string? dataFolder) => new()
    {
        Name = "w",
        Slots = 1,
        CheckpointFolder = _folder["checkpoints"],
        LogFolder = _folder["logs"],
        StateFolder = _folder["state"],
        DataFolder = dataFolder,
        RunnerCommand = ["/nowhere/runner"],
    };

    private static TrialGrant Grant() => WorkerRig.Grant(1, 1, "tcn") with
    {
        DatasetDigests = ImmutableSortedDictionary<string, string>.Empty.Add("mnist", Small.Digest),
    };
}
