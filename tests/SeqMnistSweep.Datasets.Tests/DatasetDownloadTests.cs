namespace SeqMnistSweep.Datasets.Tests;

public sealed class DatasetDownloadTests : IDisposable
{
    private const int Half = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string FirstFile = SmallDataset.FirstImages + ".gz";
    private static readonly DownloadOptions Hasty = new() { StallTimeout = TimeSpan.FromSeconds(20), Attempts = 3, Backoff = TimeSpan.FromMilliseconds(1) };
    private static readonly DownloadOptions Impatient = Hasty with { StallTimeout = TimeSpan.FromSeconds(1), Attempts = 2 };

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = DatasetDownload.CreateClient();

    /// <summary>Ways to misbehave with the first file, and what the error must say of that mirror.</summary>
    private static readonly Dictionary<string, (Func<MirrorRequest, MirrorReply> Reply, string Says)> Misbehaviours = new()
    {
        ["404"] = (_ => MirrorReply.Failure(404), "answered 404"),
        ["403"] = (_ => MirrorReply.Failure(403), "answered 403"),
        ["500"] = (_ => MirrorReply.Failure(500), "answered 500"),
        ["503"] = (_ => MirrorReply.Failure(503), "answered 503"),
        ["a web page"] = (_ => new MirrorReply("<html></html>"u8.ToArray(), 200, "Content-Type: text/html; charset=utf-8"), "web page"),
        ["a disguised web page"] = (_ => new MirrorReply("<html></html>"u8.ToArray(), 200, "Content-Type: application/gzip"), "looks like a web page"),
        ["other digits"] = (_ => new MirrorReply(IdxBytes.Gzip(IdxBytes.Images(5))), "sent other bytes"),
        ["the wrong file"] = (_ => new MirrorReply(SmallDataset.Zipped["t10k-labels-idx1-ubyte.gz"]), "files swapped?"),
        ["nothing"] = (_ => new MirrorReply([]), "it is empty"),
        ["a cut file"] = (_ => new MirrorReply(SmallDataset.Zipped[FirstFile][..Half]), "sent a broken file"),
        ["a broken-off file"] = (_ => Whole(FirstFile) with { SendOnly = Half }, "broke off after 2000 bytes"),
        ["a length too long"] = (_ => Whole(FirstFile) with { StatedLength = 6000 }, "broke off after"),
        ["a length too short"] = (_ => Whole(FirstFile) with { StatedLength = Half }, "sent a broken file"),
        ["a huge length"] = (_ => Whole(FirstFile) with { StatedLength = long.MaxValue }, "announces 9223372036854775807 bytes"),
        ["a part never asked for"] = (_ => new MirrorReply(new byte[10], 206, "Content-Range: bytes 5-14/20"), "wrong part"),
        ["416 to a fresh request"] = (_ => MirrorReply.Failure(416), "answered 416"),
        ["garbage after the gzip stream"] = (_ => new MirrorReply([.. SmallDataset.Zipped[FirstFile], 1, 2, 3, 4, 5]), "bytes after its end"),
    };

    public static TheoryData<string> MisbehaviourNames => [.. Misbehaviours.Keys];

    [Fact]
    public async Task All_four_files_come_with_progress()
    {
        using var mirror = new MirrorServer(Good);
        var progress = new Recorder();

        await Fetch(Hasty, progress, mirror);

        AssertComplete();
        Assert.Equal(4, mirror.Requests.Count);
        var last = progress.Reports.Last(report => report.File == SmallDataset.FirstImages);
        Assert.Equal(SmallDataset.Zipped[FirstFile].Length, last.Bytes);
        Assert.Equal(last.Bytes, last.Total);
        Assert.Equal(new Uri(mirror.Base, FirstFile), last.Source);
    }

    [Theory]
    [MemberData(nameof(MisbehaviourNames))]
    public async Task A_mirror_that_misbehaves_is_passed_over(string name)
    {
        using var bad = new MirrorServer(request => request.File == FirstFile ? Misbehaviours[name].Reply(request) : Good(request));
        using var good = new MirrorServer(Good);

        await Fetch(Hasty, null, bad, good);

        AssertComplete();
        Assert.Equal(FirstFile, Assert.Single(good.Requests).File);
    }

    [Theory]
    [MemberData(nameof(MisbehaviourNames))]
    public async Task When_all_mirrors_misbehave_each_is_listed_with_its_reason(string name)
    {
        using var bad = new MirrorServer(request => Misbehaviours[name].Reply(request));
        using var absent = new MirrorServer(_ => MirrorReply.Failure(404));

        var error = await Assert.ThrowsAsync<DatasetException>(() => Fetch(Hasty, null, bad, absent));

        Assert.Contains($"{SmallDataset.FirstImages} could not be downloaded", error.Message, StringComparison.Ordinal);
        Assert.Contains(Misbehaviours[name].Says, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{new Uri(bad.Base, FirstFile)}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{new Uri(absent.Base, FirstFile)}: answered 404", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder[FirstFile]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task A_mirror_that_stalls_is_passed_over(int after)
    {
        using var stalls = new MirrorServer(request =>
            request.File == FirstFile ? Whole(FirstFile) with { SendOnly = after, Stalls = true } : Good(request));
        using var good = new MirrorServer(Good);

        await Fetch(Impatient, null, stalls, good);

        AssertComplete();
    }

    [Fact]
    public async Task A_stall_is_named_in_the_error()
    {
        using var stalls = new MirrorServer(request => Whole(request.File) with { SendOnly = 0, Stalls = true });
        var error = await Assert.ThrowsAsync<DatasetException>(() => Fetch(Impatient, null, stalls));
        Assert.Contains("stalled: no byte for 1 s after 0 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_that_does_not_listen_is_passed_over()
    {
        Uri deaf;
        using (var gone = new MirrorServer(Good))
        {
            deaf = gone.Base;
        }

        using var good = new MirrorServer(Good);
        await Download(Hasty).FetchAsync(SmallDataset.Define("mnist", deaf, good.Base), _folder.Path, null, CancellationToken.None).WaitAsync(Patience);

        AssertComplete();
    }

    [Theory]
    [InlineData("ETag: \"v1\"", "\"v1\"")]
    [InlineData("Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00 GMT")]
    public async Task A_transfer_that_broke_off_is_resumed_where_it_ended(string header, string validator)
    {
        using var mirror = new MirrorServer(request => BreaksOffOnce(request, header));

        await Fetch(Hasty, null, mirror);

        AssertComplete();
        var resume = mirror.Requests.Single(request => request.File == FirstFile && request.Number == 2);
        Assert.Equal($"bytes={Half}-", resume.Range);
        Assert.Equal(validator, resume.IfRange);
    }

    [Theory]
    [InlineData("X-None: 1")]
    [InlineData("ETag: W/\"weak\"")]
    public async Task Without_a_strong_validator_a_transfer_starts_anew(string header)
    {
        using var mirror = new MirrorServer(request => BreaksOffOnce(request, header));

        await Fetch(Hasty, null, mirror);

        AssertComplete();
        Assert.All(mirror.Requests, request => Assert.Null(request.Range));
    }

    [Fact]
    public async Task A_mirror_that_ignores_Range_sends_the_file_from_the_start()
    {
        using var mirror = new MirrorServer(request =>
            request is { Number: 1 } && request.File == FirstFile ? Tagged(request.File) with { SendOnly = Half } : Tagged(request.File));

        await Fetch(Hasty, null, mirror);

        AssertComplete();
        Assert.Contains(mirror.Requests, request => request.Range is not null);
    }

    [Fact]
    public async Task A_resume_answered_with_the_wrong_part_starts_anew()
    {
        using var mirror = new MirrorServer(request => request.Range is null
            ? BreaksOffOnce(request, "ETag: \"v1\"")
            : new MirrorReply(new byte[100], 206, "Content-Range: bytes 0-99/4000"));

        await Fetch(Hasty, null, mirror);

        AssertComplete();
    }

    [Fact]
    public async Task A_resume_that_ends_in_wrong_bytes_starts_anew_at_the_same_mirror()
    {
        using var mirror = new MirrorServer(request => request.Range is null
            ? BreaksOffOnce(request, "ETag: \"v1\"")
            : new MirrorReply(new byte[100], 206, $"Content-Range: bytes {request.From}-{request.From + 99}/{request.From + 100}"));

        await Fetch(Hasty, null, mirror);

        AssertComplete();
        Assert.Equal(3, mirror.Requests.Count(request => request.File == FirstFile));
    }

    [Fact]
    public async Task A_416_to_a_resume_starts_anew()
    {
        using var mirror = new MirrorServer(request => request.Range is null ? BreaksOffOnce(request, "ETag: \"v1\"") : MirrorReply.Failure(416));

        await Fetch(Hasty, null, mirror);

        AssertComplete();
    }

    [Fact]
    public async Task A_416_that_says_that_all_is_here_ends_the_transfer()
    {
        var whole = SmallDataset.Zipped[FirstFile];
        using var mirror = new MirrorServer(request => request.Range is null
            ? Good(request)
            : new MirrorReply([], 416, $"Content-Range: bytes */{whole.Length}"));
        _folder.Write(FirstFile + ".partial", whole);
        File.WriteAllLines(_folder[FirstFile + ".partial.source"], [new Uri(mirror.Base, FirstFile).AbsoluteUri, "\"v1\""]);

        await Fetch(Hasty, null, mirror);

        AssertComplete();
        Assert.Single(mirror.Requests, request => request.File == FirstFile);
    }

    [Fact]
    public async Task A_partial_file_of_another_mirror_is_not_resumed()
    {
        using var mirror = new MirrorServer(Good);
        _folder.Write(FirstFile + ".partial", new byte[50]);
        File.WriteAllLines(_folder[FirstFile + ".partial.source"], ["http://elsewhere/file", "\"v1\""]);

        await Fetch(Hasty, null, mirror);

        AssertComplete();
        Assert.All(mirror.Requests, request => Assert.Null(request.Range));
    }

    [Fact]
    public async Task An_overloaded_mirror_is_tried_again_a_bounded_number_of_times()
    {
        using var mirror = new MirrorServer(_ => MirrorReply.Failure(503));
        await Assert.ThrowsAsync<DatasetException>(() => Fetch(Hasty, null, mirror));
        Assert.Equal(3, mirror.Requests.Count);
    }

    [Fact]
    public async Task An_absent_file_is_asked_for_once()
    {
        using var mirror = new MirrorServer(_ => MirrorReply.Failure(404));
        await Assert.ThrowsAsync<DatasetException>(() => Fetch(Hasty, null, mirror));
        Assert.Single(mirror.Requests);
    }

    [Fact]
    public async Task Files_that_are_there_and_right_are_not_fetched_again()
    {
        _folder.Write(FirstFile, SmallDataset.Zipped[FirstFile]);
        _folder.Write("t10k-labels-idx1-ubyte.gz", "damaged"u8.ToArray());
        using var mirror = new MirrorServer(Good);

        await Fetch(Hasty, null, mirror);

        AssertComplete();
        Assert.Equal(3, mirror.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_stops_at_once_and_keeps_what_came()
    {
        using var cancel = new CancellationTokenSource();
        using var mirror = new MirrorServer(request => Tagged(request.File) with { SendOnly = Half, Stalls = true });
        var progress = new Recorder(report =>
        {
            if (report.Bytes == Half)
            {
                cancel.Cancel();
            }
        });

        var fetch = Download(Hasty with { StallTimeout = Patience }).FetchAsync(SmallDataset.Define("mnist", mirror.Base), _folder.Path, progress, cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch.WaitAsync(Patience));
        Assert.Equal(Half, new FileInfo(_folder[FirstFile + ".partial"]).Length);
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    private static MirrorReply Whole(string file) => new(SmallDataset.Zipped[file]);

    private static MirrorReply Tagged(string file) => new(SmallDataset.Zipped[file], 200, "ETag: \"v1\"");

    private static MirrorReply Good(MirrorRequest request) => Whole(request.File);

    /// <summary>The first answer for the first file ends at half; later ones honour Range.</summary>
    private static MirrorReply BreaksOffOnce(MirrorRequest request, string header)
    {
        var whole = new MirrorReply(SmallDataset.Zipped[request.File], 200, header);
        if (request.File != FirstFile)
        {
            return whole;
        }

        var length = whole.Body.Length;
        return request.Number == 1 ? whole with { SendOnly = Half }
            : request.Range is null ? whole
            : new MirrorReply(whole.Body[request.From..], 206, header, $"Content-Range: bytes {request.From}-{length - 1}/{length}");
    }

    private DatasetDownload Download(DownloadOptions options) => new(_client, options);

    private Task Fetch(DownloadOptions options, IProgress<DownloadProgress>? progress, params MirrorServer[] mirrors) =>
        Download(options)
            .FetchAsync(SmallDataset.Define("mnist", [.. mirrors.Select(mirror => mirror.Base)]), _folder.Path, progress, CancellationToken.None)
            .WaitAsync(Patience);

    private void AssertComplete()
    {
        foreach (var (name, bytes) in SmallDataset.Zipped)
        {
            Assert.Equal(bytes, File.ReadAllBytes(_folder[name]));
        }

        Assert.Equal(4, Directory.GetFiles(_folder.Path).Length);
    }

    /// <summary>Unlike Progress, reports on the calling thread, so that nothing is lost at the end.</summary>
    private sealed class Recorder(Action<DownloadProgress>? then = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Reports { get; } = [];

        public void Report(DownloadProgress value)
        {
            Reports.Add(value);
            then?.Invoke(value);
        }
    }
}
