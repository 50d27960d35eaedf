using System.Net.Http.Json;
using System.Net;
using System.Text.Json;
using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Results;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Client;

/// <summary>Results through a head's HTTP API, for a client that does not have the file.</summary>
/// <remarks>Every method throws <see cref="CommandError"/> for a head that does not answer, or refuses.</remarks>
internal sealed class HeadResults(HttpClient client, Uri head) : IResults
{
    /// <summary>Given to the way there and back, beyond what a query may take.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    public string Where => $"on {Name}";

    public Uri? Head => head;

    public async Task<IReadOnlyList<SweepRow>> SweepsAsync(CancellationToken cancellation) =>
        await ListAsync<SweepRow>("sweeps", cancellation);

    public async Task<IReadOnlyList<SweepRow>> FindSweepsAsync(string reference, CancellationToken cancellation) =>
        await ListAsync<SweepRow>($"sweeps?find={Uri.EscapeDataString(reference)}", cancellation);

    public async Task<TrialRow?> TrialAsync(TrialId trial, CancellationToken cancellation) => await SendAsync<TrialRow>(
        () => new HttpRequestMessage(HttpMethod.Get, At(PathOf(trial))), HeadHttp.Patience, cancellation, missingIsNull: true);

    public async Task<TrialTable> TrialsAsync(SweepId sweep, TrialTableRequest request, CancellationToken cancellation)
    {
        (string Name, string? Value)[] asked =
        [
            ("where", request.Where), ("sort", request.Sort), ("columns", request.Columns is { } names ? string.Join(',', names) : null),
            ("cursor", request.Cursor),
            ("offset", $"{request.Offset}"), ("limit", $"{request.Limit}"),
        ];
        var query = string.Join(
            '&', asked.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return (await SendAsync<TrialTable>(() => new HttpRequestMessage(HttpMethod.Get, At($"sweeps/{sweep}/trials?{query}")),
            HeadHttp.Patience, cancellation))!;
    }

    public async Task<IReadOnlyList<AttemptRow>> AttemptsAsync(TrialId trial, CancellationToken cancellation) =>
        await ListAsync<AttemptRow>($"{PathOf(trial)}/attempts", cancellation);

    public async Task<TrialProgress?> ProgressAsync(TrialId trial, CancellationToken cancellation) =>
        await SendAsync<TrialProgress>(
            () => new HttpRequestMessage(HttpMethod.Get, At($"{PathOf(trial)}/progress")), HeadHttp.Patience, cancellation, true);

    public async Task<IReadOnlyList<ReportRow>> ReportsAsync(TrialId trial, CancellationToken cancellation) =>
        await ListAsync<ReportRow>($"{PathOf(trial)}/reports", cancellation);

    public async Task<IReadOnlyList<CheckpointRow>> CheckpointsAsync(TrialId trial, CancellationToken cancellation) =>
        await ListAsync<CheckpointRow>($"{PathOf(trial)}/checkpoints", cancellation);

    public async Task<byte[]?> CheckpointFileAsync(TrialId trial, CheckpointRow checkpoint, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(At($"checkpoints/{trial.Sweep}/{trial.Number}/{checkpoint.Digest}"), cancellation);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(cancellation) : null;
    }

    public async Task<IReadOnlyList<LeaderboardRow>> LeaderboardAsync(SweepId sweep, int top, CancellationToken cancellation) =>
        await ListAsync<LeaderboardRow>($"sweeps/{sweep}/leaderboard?top={top}", cancellation);

    public async Task<IReadOnlyList<EventRow>> EventsAsync(SweepId sweep, int last, CancellationToken cancellation) =>
        await ListAsync<EventRow>($"sweeps/{sweep}/events?last={last}", cancellation);

    public async Task<IReadOnlyList<EventRow>> EventsAsync(TrialId trial, int last, CancellationToken cancellation) =>
        await ListAsync<EventRow>($"{PathOf(trial)}/events?last={last}", cancellation);

    public async Task<IReadOnlyList<FailureCount>> FailuresAsync(SweepId sweep, CancellationToken cancellation) =>
        await ListAsync<FailureCount>($"sweeps/{sweep}/failures", cancellation);

    public async Task<IReadOnlyList<WorkerInfo>> WorkersAsync(CancellationToken cancellation) =>
        await ListAsync<WorkerInfo>("workers", cancellation);

    public async Task<QueryResult> QueryAsync(ReadOnlyQuery query, CancellationToken cancellation)
    {
        var asked = new QueryRequest(query.Sql, query.MaxRows, (int)Math.Clamp(query.Timeout.TotalMilliseconds, 1, int.MaxValue));
        return (await SendAsync<QueryResult>(
            () => new HttpRequestMessage(HttpMethod.Post, At("query"))
            {
                Content = JsonContent.Create(asked, options: ResultJson.Options),
            },
            query.Timeout + Margin,
            cancellation))!;
    }

    public async Task<long> BackUpAsync(string target, CancellationToken cancellation)
    {
        target = Path.GetFullPath(target);
        if (File.Exists(target))
        {
            throw new DatabaseException($"{target} exists already", "name another file with --to");
        }

        var partial = AtomicFile.NameBeside(target);
        try
        {
            using var answer = await AnswerAsync(
                () => new HttpRequestMessage(HttpMethod.Get, At("backup")), TimeSpan.FromMinutes(10), cancellation);
            await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
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

    public void Dispose() => client.Dispose();

    private string Name => $"the head at {head.GetLeftPart(UriPartial.Authority)}";

    private static string PathOf(TrialId trial) => $"trials/{trial.Sweep}/{trial.Number}";

    private Uri At(string path) => new(head, $"api/v1/{path}");

    private async Task<List<T>> ListAsync<T>(string path, CancellationToken cancellation) =>
        (await SendAsync<List<T>>(() => new HttpRequestMessage(HttpMethod.Get, At(path)), HeadHttp.Patience, cancellation))!;

    private async Task<T?> SendAsync<T>(
        Func<HttpRequestMessage> request, TimeSpan patience, CancellationToken cancellation, bool missingIsNull = false)
        where T : class
    {
        try
        {
            using var answer = await AnswerAsync(request, patience, cancellation);
            return await answer.Content.ReadFromJsonAsync<T>(ResultJson.Options, cancellation);
        }
        catch (CommandError missing) when (missingIsNull && missing.ExitCode == ExitCodes.NotFound)
        {
            return null;
        }
        catch (JsonException)
        {
            throw new HeadUnreachable(head, "what answers there is no head of seqsweep");
        }
    }

    /// <summary>A successful answer, its body still on the way.</summary>
    private async Task<HttpResponseMessage> AnswerAsync(Func<HttpRequestMessage> request, TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            using var message = request();
            var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!answer.IsSuccessStatusCode)
            {
                using (answer)
                {
                    throw await RefusedAsync(answer, limit.Token);
                }
            }

            return answer;
        }
        catch (HttpRequestException error)
        {
            throw new HeadUnreachable(head, HeadHttp.Reason(error));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HeadUnreachable(head, $"no answer in {patience.TotalSeconds:0.#} s");
        }
    }

    private async Task<Exception> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var error = await HeadHttp.ErrorAsync(answer, cancellation);
        return (answer.StatusCode, error) switch
        {
            (HttpStatusCode.BadRequest, { } known) => new QueryException(known.Message, known.Hint, known.Position),
            (HttpStatusCode.NotFound, { } known) => new CommandError(ExitCodes.NotFound, known.Message, known.Hint),
            (_, { } known) => new CommandError(ExitCodes.HeadUnreachable, $"{Name} cannot answer: {known.Message}", known.Hint),
            _ => new CommandError(
                ExitCodes.HeadUnreachable, $"{Name} answers {(int)answer.StatusCode} instead of results",
                    "its log in .seqsweep/logs/head.log says why, if it is a seqsweep head"),
        };
    }
}
