using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Outputs;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using static SeqMnistSweep.Head.Tests.Http.HttpHead;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class TrialFilesEndpointsTests
{
    private static readonly TrialId First = new(Sweep, 1);

    [Theory]
    [InlineData("model.pt")]
    [InlineData("plots/a b.png")]
    [InlineData("with % # ? & \\ \" ünï %2e%2e %2f")]
    public async Task What_goes_up_is_listed_and_comes_down_as_something_to_save(string name)
    {
        await using var head = await StartAsync();
        Assert.Equal(HttpStatusCode.Created, await PutAsync(head, name, "first"));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(head, name, "second one"));
        var listed = (await head.Client.GetFromJsonAsync<JsonArray>(PathOf("files")))!;
        Assert.Equal((name, 10), ((string)listed.Single()!["name"]!, (long)listed.Single()!["bytes"]!));
        using var answer = await head.Client.GetAsync(PathOf($"files/{Escaped(name)}"));
        Assert.Equal("second one", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.True(OperatingSystem.IsWindows() || PrivateFile.FileMode == File.GetUnixFileMode(Path.Combine(FolderOf(head), name)));
    }

    [Fact]
    public async Task A_file_that_the_trial_has_deleted_goes_with_its_empty_folders()
    {
        await using var head = await StartAsync();
        await PutAsync(head, "a/b/c", "x");
        await PutAsync(head, "a/d", "x");
        using var dropped = await head.Client.DeleteAsync(PathOf("attempts/1/files/a/b/c"));
        Assert.Equal(HttpStatusCode.NoContent, dropped.StatusCode);
        Assert.Equal(["a/d"], OutputFolder.List(FolderOf(head)).Select(file => file.Name));
        Assert.False(Directory.Exists(Path.Combine(FolderOf(head), "a", "b")));
        using var again = await head.Client.DeleteAsync(PathOf("attempts/1/files/a/b/c"));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Theory]
    [InlineData("files/..%2F..%2Fsweeps.db")]
    [InlineData("files/%2e%2e/%2e%2e/sweeps.db")]
    [InlineData("files/..%5csweeps.db")]
    [InlineData("files//etc/passwd")]
    [InlineData("files/%2Fetc%2Fpasswd")]
    [InlineData("files/a%0Ab")]
    [InlineData("files/folder/sweeps.db")]
    [InlineData("files/link")]
    [InlineData("files/nothing")]
    [InlineData("files/sub")]
    public async Task No_name_leads_out_of_the_folder(string path)
    {
        await using var head = await StartAsync();
        await PutAsync(head, "sub/file", "x");
        Directory.CreateSymbolicLink(Path.Combine(FolderOf(head), "folder"), head.Folder);
        File.CreateSymbolicLink(Path.Combine(FolderOf(head), "link"), Path.Combine(head.Folder, "sweeps.db"));
        using var got = await head.Client.GetAsync(PathOf(path));
        Assert.Equal(HttpStatusCode.NotFound, got.StatusCode);
        Assert.Equal(["sub/file"], ((await head.Client.GetFromJsonAsync<JsonArray>(PathOf("files")))!).Select(file => (string)file!["name"]!));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a//b")]
    [InlineData("two\nlines")]
    [InlineData("folder/x")]
    [InlineData("sub")]
    [InlineData("sub/file/x")]
    public async Task Nothing_is_written_under_a_name_that_is_none_through_a_link_or_over_a_folder(string name)
    {
        await using var head = await StartAsync();
        await PutAsync(head, "sub/file", "x");
        Directory.CreateSymbolicLink(Path.Combine(FolderOf(head), "folder"), head.Folder);
        var files = new TrialFileStore(head.Options, head.Store);
        var (status, _) = await files.TakeAsync(First, 1, name, new MemoryStream([1]), 1, null, CancellationToken.None);
        Assert.Equal(StatusCodes.Status400BadRequest, status);
        Assert.Equal(["sub/file"], OutputFolder.List(FolderOf(head)).Select(file => file.Name));
        Assert.Equal(["1"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(FolderOf(head))!).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("w", 2, TrialState.Running, 201)]
    [InlineData("w", 2, TrialState.Pruned, 201)]
    [InlineData("w", 2, TrialState.Paused, 201)]
    [InlineData("w", 1, TrialState.Running, 403)]
    [InlineData("other", 2, TrialState.Running, 403)]
    public async Task Files_are_taken_of_the_worker_that_has_or_had_the_last_attempt_alone(string worker, int attempt, TrialState state, int expected)
    {
        await using var head = await StartAsync();
        var held = NewTrial(1) with { Worker = "w", Incarnation = "w-1", Device = "cpu", Attempts = 2, State = state };
        await head.Store.Writer.WriteAsync(Sweep, [new SweepChange.TrialUpdated(held, 1)]);
        var files = new TrialFileStore(head.Options, head.Store);
        var (status, _) = await files.TakeAsync(First, attempt, "x", new MemoryStream([1]), 1, worker, CancellationToken.None);
        Assert.Equal(expected, status);
        Assert.Equal(expected == 201 ? 204 : 403, files.Drop(First, attempt, "x", worker).Status);
    }

    [Fact]
    public async Task A_trial_has_so_many_files_and_bytes()
    {
        await using var head = await StartAsync();
        var files = new TrialFileStore(head.Options, head.Store);
        Assert.Equal(413, (await files.TakeAsync(First, 1, "x", Stream.Null, OutputFolder.LargestFile + 1, null, CancellationToken.None)).Status);
        Directory.CreateDirectory(FolderOf(head));
        Assert.All(Enumerable.Range(0, OutputFolder.MaxFiles), n => File.WriteAllText(Path.Combine(FolderOf(head), $"{n}"), ""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync(head, "one more", "x"));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(head, "7", "written again"));
        Assert.Equal(404, (await files.TakeAsync(new TrialId(Sweep, 9), 1, "x", Stream.Null, 0, null, CancellationToken.None)).Status);
        Assert.Equal(400, (await files.TakeAsync(First, 1, "7", new MemoryStream([1]), 2, null, CancellationToken.None)).Status);
        Assert.Equal("written again", await File.ReadAllTextAsync(Path.Combine(FolderOf(head), "7")));
    }

    [Fact]
    public async Task Logs_of_attempts_are_read_as_one()
    {
        await using var head = await StartAsync();
        await head.Store.Writer.WriteAsync(Sweep, [new SweepChange.TrialUpdated(NewTrial(1) with { Attempts = 2 }, 1)]);
        Assert.Equal(HttpStatusCode.Created, await PutLogAsync(head, 2, "third\n"));
        Assert.Equal(HttpStatusCode.Created, await PutLogAsync(head, 1, "first\nsecond\n"));
        Assert.Equal(HttpStatusCode.Forbidden, await PutLogAsync(head, 3, "no such attempt"));
        var folder = KeptLogs.FolderOf(head.Options, First);
        var (chunk, _, _) = KeptLogs.Read(folder, 6, attempt => $"w{attempt}");
        Assert.Equal((1, "w1", "second\n", 13, 0), (chunk!.Attempt, chunk.Worker, chunk.Text, (int)chunk.Next, (int)chunk.Start));
        (chunk, _, _) = KeptLogs.Read(folder, 13, attempt => $"w{attempt}");
        Assert.Equal((2, "w2", "third\n", 19, 13), (chunk!.Attempt, chunk.Worker, chunk.Text, (int)chunk.Next, (int)chunk.Start));
        Assert.Equal((null, 19, 2), KeptLogs.Read(folder, 19, _ => ""));
        Assert.Equal((null, 0, 0), KeptLogs.Read(folder + "9", 0, _ => ""));

        await File.WriteAllTextAsync(folder + ".log", "of a run\n");
        (chunk, _, _) = KeptLogs.Read(folder, 0, attempt => $"w{attempt}");
        Assert.Equal((1, "of a run\n", 9, 0), (chunk!.Attempt, chunk.Text, (int)chunk.Next, (int)chunk.Start));
        (chunk, _, _) = KeptLogs.Read(folder, 9, attempt => $"w{attempt}");
        Assert.Equal((1, "first\nsecond\n", 22, 9), (chunk!.Attempt, chunk.Text, (int)chunk.Next, (int)chunk.Start));
        Assert.Equal((null, 28, 2), KeptLogs.Read(folder, 28, _ => ""));
    }

    private static string FolderOf(HttpHead head) => Path.Combine(head.Options.OutputFolder, Sweep.Value, "1");

    private static Uri PathOf(string rest) => new($"api/v1/trials/{Sweep}/1/{rest}", UriKind.Relative);

    private static string Escaped(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    private static async Task<HttpStatusCode> PutAsync(HttpHead head, string name, string content)
    {
        using var answer = await head.Client.PutAsync(PathOf($"attempts/1/files/{Escaped(name)}"), new ByteArrayContent(Encoding.UTF8.GetBytes(content)));
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> PutLogAsync(HttpHead head, int attempt, string content)
    {
        using var answer = await head.Client.PutAsync(PathOf($"attempts/{attempt}/log"), new ByteArrayContent(Encoding.UTF8.GetBytes(content)));
        return answer.StatusCode;
    }
}
