using System.Net.Http.Json;
using System.Net;
using System.Text.Json;
using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Results through a head's HTTP API, for a client that does not have the file.</summary>
/// <remarks>Every method throws <see cref="CommandError"/> for a head that does not answer, or refuses.</remarks>
internal sealed class HeadResults(HttpClient client, Uri head) : ResultSource
{
    /// <summary>Given to the way there and back, beyond what a query may take.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    public override string Where => $"on {Name}";

    public override Uri? Head => head;

    public override Task<Stream?> OpenCheckpointAsync(TrialId trial, CheckpointRow checkpoint, CancellationToken cancellation) =>
        OpenAsync($"checkpoints/{trial.Sweep}/{trial.Number}/{checkpoint.Digest}", cancellation);

    public override Task<FolderUse> UseAsync(SweepId sweep, CancellationToken cancellation) =>
        SendAsync<FolderUse>($"sweeps/{sweep}/usage", null, HeadHttp.Patience, cancellation);

    public override Task<IReadOnlyList<OutputFile>> FilesAsync(TrialId trial, CancellationToken cancellation) =>
        SendAsync<IReadOnlyList<OutputFile>>($"trials/{trial.Sweep}/{trial.Number}/files", null, HeadHttp.Patience, cancellation);

    public override Task<Stream?> OpenFileAsync(TrialId trial, string name, CancellationToken cancellation)
    {
        var escaped = string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
        return OpenAsync($"trials/{trial.Sweep}/{trial.Number}/files/{escaped}", cancellation);
    }

    private async Task<Stream?> OpenAsync(string path, CancellationToken cancellation)
    {
        var answer = await client.GetAsync(At(path), HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode) return await answer.Content.ReadAsStreamAsync(cancellation);

        answer.Dispose();
        return null;
    }

    public Task<IReadOnlyList<WorkerInfo>> WorkersAsync(CancellationToken cancellation) =>
        SendAsync<IReadOnlyList<WorkerInfo>>("workers", null, HeadHttp.Patience, cancellation);

    public Task<SweepSummary> SummaryAsync(SweepId sweep, CancellationToken cancellation) =>
        SendAsync<SweepSummary>($"sweeps/{sweep}/summary", null, HeadHttp.Patience, cancellation);

    public override Task<QueryResult> QueryAsync(ReadOnlyQuery query, CancellationToken cancellation) => SendAsync<QueryResult>(
        "query",
        new QueryRequest(query.Sql, query.MaxRows, (int)Math.Clamp(query.Timeout.TotalMilliseconds, 1, int.MaxValue)),
        query.Timeout + Margin,
        cancellation);

    public override async Task<JsonNode?> AnswerAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await SendAsync<JsonNode?>(path, null, HeadHttp.Patience, cancellation);
        }
        catch (Exception refusal) when (refusal is CommandError { ExitCode: ExitCodes.NotFound } or QueryException)
        {
            return null;
        }
    }

    public override async Task<long> BackUpAsync(string target, CancellationToken cancellation)
    {
        target = Path.GetFullPath(target);
        if (File.Exists(target))
        {
            throw new DatabaseException($"{target} exists already", "name another file with --to");
        }

        var partial = AtomicFile.NameBeside(target);
        try
        {
            using var answer = await AnswerAsync("backup", null, TimeSpan.FromMinutes(10), cancellation);
            await using (var file = PrivateFile.Open(partial, FileMode.Create, FileAccess.Write))
            {
                await answer.Content.CopyToAsync(file, cancellation);
            }

            return DatabaseCopy.Place(partial, target);
        }
        catch (HttpRequestException error)
        {
            throw new HeadUnreachable(head, $"the backup broke off: {error.Message}");
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public override void Dispose() => client.Dispose();

    protected override async Task<T> AskAsync<T>(
        string path, Func<ResultReader, T> read, CancellationToken cancellation, bool mayMiss = false)
    {
        try
        {
            return await SendAsync<T>(path, null, HeadHttp.Patience, cancellation);
        }
        catch (CommandError missing) when (mayMiss && missing.ExitCode is (ExitCodes.NotFound or ExitCodes.NotAllowed))
        {
            return default!;
        }
    }

    private string Name => $"the head at {head.GetLeftPart(UriPartial.Authority)}";

    private Uri At(string path) => new(head, $"api/v1/{path}");

    /// <param name="posted">What is sent; null only gets.</param>
    private async Task<T> SendAsync<T>(string path, QueryRequest? posted, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            using var answer = await AnswerAsync(path, posted, patience, cancellation);
            return (await answer.Content.ReadFromJsonAsync<T>(ResultJson.Options, cancellation))!;
        }
        catch (JsonException)
        {
            throw new HeadUnreachable(head, HeadHttp.NoHead);
        }
    }

    /// <summary>A successful answer, its body still on the way.</summary>
    private Task<HttpResponseMessage> AnswerAsync(
        string path, QueryRequest? posted, TimeSpan patience, CancellationToken cancellation) =>
        HeadHttp.CallAsync(head, patience, null, async limit =>
        {
            using var message = new HttpRequestMessage(posted is null ? HttpMethod.Get : HttpMethod.Post, At(path));
            message.Content = posted is null ? null : JsonContent.Create(posted, options: ResultJson.Options);
            var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit);
            if (answer.IsSuccessStatusCode) return answer;

            using (answer)
            {
                throw await RefusedAsync(answer, limit);
            }
        }, cancellation);

    private async Task<Exception> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var error = await HeadHttp.ErrorAsync(answer, cancellation);
        return (answer.StatusCode, error) switch
        {
            (HttpStatusCode.BadRequest, { } known) => new QueryException(known.Message, known.Hint, known.Position),
            (HttpStatusCode.NotFound, { } known) => new CommandError(ExitCodes.NotFound, known.Message, known.Hint),
            (HttpStatusCode.Conflict, { } known) => new CommandError(ExitCodes.NotAllowed, known.Message, known.Hint),
            (_, { } known) => new CommandError(ExitCodes.HeadUnreachable, $"{Name} cannot answer: {known.Message}", known.Hint),
            _ => new CommandError(
                ExitCodes.HeadUnreachable, $"{Name} answers {(int)answer.StatusCode} instead of results",
                    "its log in .seqsweep/logs/head.log says why, if it is a seqsweep head"),
        };
    }
}
