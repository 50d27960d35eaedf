using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using static SeqMnistSweep.Head.Tests.Http.HttpHead;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class CheckpointsEndpointsTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];
    private static readonly string Digest = DigestOf(Bytes);

    [Fact]
    public async Task What_goes_up_comes_down_whole_and_in_parts()
    {
        await using var head = await StartAsync();
        Assert.Equal(HttpStatusCode.Created, await PutAsync(head, 1, Digest, Bytes));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(head, 1, Digest, Bytes));
        Assert.Equal([$"{Digest}.safetensors"], Directory.EnumerateFiles(Path.GetDirectoryName(head.FileOf(1, Digest))!).Select(Path.GetFileName));
        Assert.Equal(Bytes, await head.Client.GetByteArrayAsync(new Uri(PathOf(1, Digest), UriKind.Relative)));
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(1, Digest));
        request.Headers.Range = new RangeHeaderValue(150_000, null);
        using var part = await head.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Bytes[150_000..], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_file_that_is_not_what_its_name_says_is_thrown_away()
    {
        await using var head = await StartAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync(head, 1, Digest, Bytes[1..]));
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(head.FileOf(1, Digest))!));
        Assert.Equal((HttpStatusCode.NotFound, 0), await HeadAsync(head, 1, Digest));
    }

    [Fact]
    public async Task An_upload_that_broke_off_is_gone_on_with()
    {
        await using var head = await StartAsync();
        await BreakOffAsync(head, 80_000);
        Assert.Equal(HttpStatusCode.Conflict, await PutAsync(head, 1, Digest, Bytes[90_000..], new ContentRangeHeaderValue(90_000, 199_999, 200_000)));
        await Until.True(
            async () => await PutAsync(head, 1, Digest, Bytes[80_000..], new ContentRangeHeaderValue(80_000, 199_999, 200_000)) == HttpStatusCode.Created,
            () => "the rest is not taken");
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(head.FileOf(1, Digest)));
        Assert.Equal(HttpStatusCode.OK, (await HeadAsync(head, 1, Digest)).Status);
    }

    [Theory]
    [InlineData("..%2F..%2Fetc", "1", null)]
    [InlineData("rig-0000", "0", null)]
    [InlineData("rig-0000", "-1", null)]
    [InlineData("rig-0000", "1", "..%2F..%2Fpasswd")]
    [InlineData("rig-0000", "1", "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    public async Task A_name_that_no_checkpoint_has_is_refused(string sweep, string number, string? digest)
    {
        await using var head = await StartAsync();
        using var answer = await head.Client.PutAsync(new Uri($"api/v1/checkpoints/{sweep}/{number}/{digest ?? Digest}", UriKind.Relative), new ByteArrayContent(Bytes));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(Directory.Exists(head.Options.CheckpointFolder));
    }

    [Fact]
    public async Task Nobody_leaves_files_for_trials_that_are_not_there_or_have_ended()
    {
        await using var head = await StartAsync();
        await head.AddAsync(2, [1, 2, 3], TrialState.Completed);
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(head, 9, Digest, Bytes));
        Assert.Equal(HttpStatusCode.Gone, await PutAsync(head, 2, Digest, Bytes));
    }

    [Fact]
    public async Task Over_the_quota_ended_trials_make_room_the_oldest_first_and_unfinished_ones_never()
    {
        await using var head = await StartAsync(6, options => options with { CheckpointQuota = 50_000 });
        byte[] Of(int trial) => [.. Enumerable.Repeat((byte)trial, 10_000)];
        await head.AddAsync(1, Of(1), TrialState.Completed);
        await head.AddAsync(2, Of(2), TrialState.Pruned);
        await head.AddAsync(3, Of(3), TrialState.Running);
        await head.AddAsync(4, Of(4), TrialState.Failed);
        byte[] large = [.. Enumerable.Repeat((byte)5, 25_000)];

        Assert.Equal(HttpStatusCode.Created, await PutAsync(head, 5, DigestOf(large), large));
        Assert.False(File.Exists(head.FileOf(1, DigestOf(Of(1)))));
        Assert.False(File.Exists(head.FileOf(2, DigestOf(Of(2)))));
        Assert.True(File.Exists(head.FileOf(3, DigestOf(Of(3)))));
        Assert.True(File.Exists(head.FileOf(4, DigestOf(Of(4)))));
        Assert.Empty(head.Store.Reader.Checkpoints(new TrialId(Sweep, 1)));
        Assert.Null(head.Store.Reader.LoadSweep(Sweep)!.Trials.Single(trial => trial.Number == 1).Checkpoint);
        Assert.Equal(DigestOf(Of(4)), head.Store.Reader.LoadSweep(Sweep)!.Trials.Single(trial => trial.Number == 4).Checkpoint?.Digest);
        Assert.Equal(["checkpoint_dropped"], head.Store.Reader.Events(new TrialId(Sweep, 1)).Select(happened => happened.Kind));

        using var refused = await head.Client.PutAsync(new Uri(PathOf(6, Digest), UriKind.Relative), new ByteArrayContent(Bytes[..10_000]));
        Assert.Equal(HttpStatusCode.InsufficientStorage, refused.StatusCode);
        Assert.Contains("quota", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_larger_than_any_checkpoint_is_refused_before_it_is_sent()
    {
        await using var head = await StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(head.Url.Host, head.Url.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PUT /{PathOf(1, Digest)} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {head.AdminToken}\r\nContent-Length: {CheckpointUploadHandler.LargestFile + 1}\r\n\r\n"));
        var buffer = new byte[1000];
        var read = await stream.ReadAsync(buffer);
        Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_never_told_of_makes_room_for_what_comes_the_oldest_first()
    {
        await using var head = await StartAsync();
        await head.AddAsync(1, [1, 2, 3], TrialState.Running);
        for (var n = 0; n < 30; n++)
        {
            byte[] bytes = [(byte)n, 9];
            Assert.Equal(HttpStatusCode.Created, await PutAsync(head, 1, DigestOf(bytes), bytes));
            File.SetLastWriteTimeUtc(head.FileOf(1, DigestOf(bytes)), DateTime.UnixEpoch.AddMinutes(n));
        }

        var kept = Directory.GetFiles(Path.GetDirectoryName(head.FileOf(1, Digest))!).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.Equal(CheckpointUploadHandler.MaxFiles, kept.Count);
        Assert.Contains(DigestOf([1, 2, 3]), kept);
        Assert.Contains(DigestOf([29, 9]), kept);
        Assert.DoesNotContain(DigestOf([0, 9]), kept);
    }

    [Theory]
    [InlineData(2, "w", 403)]
    [InlineData(1, "other", 403)]
    [InlineData(1, "w", 201)]
    [InlineData(1, null, 201)]
    public async Task A_worker_leaves_files_for_trials_that_it_holds_alone(int trial, string? worker, int expected)
    {
        await using var head = await StartAsync();
        var held = head.Store.Reader.LoadSweep(Sweep)!.Trials[0] with { Worker = "w", Incarnation = "w-1", Device = "cpu" };
        await head.Store.Writer.WriteAsync(Sweep, [new SweepChange.TrialUpdated(held, 1)]);
        var files = new CheckpointStore(head.Options);
        using var quota = new CheckpointQuota(head.Options, files, head.Store, TimeProvider.System);
        var uploads = new CheckpointUploadHandler(files, quota, head.Store);
        var (status, _) = await uploads.TakeAsync(new TrialId(Sweep, trial), Digest, new MemoryStream(Bytes), 0, Bytes.Length, worker, CancellationToken.None);
        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData(10L << 20, 2L << 30, 100L << 30, true)]
    [InlineData(2L << 30, 2L << 30, 100L << 30, false)]
    [InlineData(1L << 20, 10L << 20, 20L << 20, true)]
    [InlineData(10L << 20, 10L << 20, 20L << 20, false)]
    public void Uploads_leave_room_for_the_database(long bytes, long free, long disk, bool isRoom) =>
        Assert.Equal(isRoom, CheckpointQuota.WhyNoRoom(bytes, free, disk) is null);

    /// <summary>Sends a part of the body, and hangs up when it has arrived.</summary>
    private static async Task BreakOffAsync(HttpHead head, int bytes)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(head.Url.Host, head.Url.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PUT /{PathOf(1, Digest)} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {head.AdminToken}\r\nContent-Length: {Bytes.Length}\r\n\r\n"));
        await stream.WriteAsync(Bytes.AsMemory(0, bytes));
        await Until.True(async () => (await HeadAsync(head, 1, Digest)).Offset == bytes, () => $"not {bytes} bytes");
    }

    private static async Task<HttpStatusCode> PutAsync(HttpHead head, int trial, string digest, byte[] bytes, ContentRangeHeaderValue? range = null)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentRange = range;
        using var answer = await head.Client.PutAsync(new Uri(PathOf(trial, digest), UriKind.Relative), content);
        return answer.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, long Offset)> HeadAsync(HttpHead head, int trial, string digest)
    {
        using var answer = await head.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, PathOf(trial, digest)));
        return (answer.StatusCode, answer.Headers.TryGetValues("Upload-Offset", out var values) ? long.Parse(values.Single()) : 0);
    }
}
