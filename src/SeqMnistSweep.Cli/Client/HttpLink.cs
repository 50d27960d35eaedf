using System.Net;
using System.Net.Http.Json;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Client;

/// <summary>A head's grains over HTTP, for those whom its gateway does not let in: viewers and submitters.</summary>
/// <param name="client">Belongs to the caller.</param>
internal sealed class HttpLink(HttpClient client, Uri head) : IHeadLink
{
    public IHeadGrain Head => new HeadOverHttp(this);

    public ISweepGrain Sweep(SweepId sweep) => new SweepOverHttp(this, sweep);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> GetAsync<T>(string path, CancellationToken cancellation = default) =>
        AskAsync<T>(HeadHttp.Patience, limit => client.GetAsync(At(path), limit), cancellation);

    /// <param name="body">As the record that it is: what it has beyond its base goes along.</param>
    private Task<T> PostAsync<T>(string path, object body) => AskAsync<T>(
        HeadHttp.ActionPatience,
        limit => client.PostAsync(At(path), JsonContent.Create(body, body.GetType(), options: ResultJson.Options), limit), default);

    private Uri At(string path) => new(head, $"api/v1/{path}");

    private Task<T> AskAsync<T>(
        TimeSpan patience, Func<CancellationToken, Task<HttpResponseMessage>> ask, CancellationToken cancellation) =>
        HeadHttp.CallAsync(head, patience, null, async limit =>
        {
            using var answer = await ask(limit);
            if (answer.StatusCode == HttpStatusCode.NoContent) return default!;

            if (answer.IsSuccessStatusCode) return (await answer.Content.ReadFromJsonAsync<T>(ResultJson.Options, limit))!;

            if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
            {
                var found = await answer.Content.ReadFromJsonAsync<FileFindings>(ResultJson.Options, limit);
                var why = found!.Findings is [var first, ..] ? first.Message : "";
                throw new SweepRefusedException($"the head finds the file wrong: {why}");
            }

            throw await HeadHttp.ErrorAsync(answer, limit) is not { } error
                ? new HeadUnreachable(head, $"it answers {(int)answer.StatusCode}")
                : answer.StatusCode == HttpStatusCode.ServiceUnavailable
                ? new HeadUnreachable(head, error.Message, error.Hint, answers: true)
                : new SweepRefusedException(error.Message);
        }, cancellation);

    // Private, both of them: any other class of these interfaces Orleans takes for a grain of a silo in this process.
    private sealed class HeadOverHttp(HttpLink link) : IHeadGrain
    {
        public Task<SubmitReply> Submit(SubmitRequest request) => link.PostAsync<SubmitReply>("sweeps", request);

        /// <summary>None: over HTTP the results say more.</summary>
        public Task<ImmutableArray<FoundSweep>> FindSweeps(string reference) => Task.FromResult<ImmutableArray<FoundSweep>>([]);

        public Task<ImmutableArray<WorkerInfo>> GetWorkers() => link.GetAsync<ImmutableArray<WorkerInfo>>("workers");

        public Task Drain(string worker, SweepAction action) =>
            link.PostAsync<object?>($"workers/{Uri.EscapeDataString(worker)}/drain", action);

        public Task Undrain(string worker, SweepAction action) =>
            link.PostAsync<object?>($"workers/{Uri.EscapeDataString(worker)}/undrain", action);

        public async Task<string?> WhyWaits(SweepId sweep) => (await link.GetAsync<SweepSummary>($"sweeps/{sweep}/summary")).Waits;

        public async Task<LogChunk> ReadLog(TrialId trial, long offset)
        {
            var chunk = await link.GetAsync<LogChunk>(
                string.Create(CultureInfo.InvariantCulture, $"trials/{trial.Sweep}/{trial.Number}/log?offset={offset}"));
            return chunk.Reason is { } away ? throw new SweepRefusedException(away) : chunk;
        }
    }

    private sealed class SweepOverHttp(HttpLink link, SweepId sweep) : ISweepGrain
    {
        public Task<SweepStatus> GetStatus(long afterEvent, CancellationToken cancellation) => link.GetAsync<SweepStatus>(
            string.Create(CultureInfo.InvariantCulture, $"sweeps/{sweep}/status?after={afterEvent}"), cancellation);

        public Task Pause(SweepAction action) => ActAsync<object?>("pause", action);

        public Task Resume(SweepAction action) => ActAsync<object?>("resume", action);

        public Task Stop(SweepAction action) => ActAsync<object?>("stop", action);

        public Task Cancel(SweepAction action) => ActAsync<object?>("cancel", action);

        public Task CancelTrial(int trial, SweepAction action) => link.PostAsync<object?>($"trials/{sweep}/{trial}/cancel", action);

        public async Task<int> Retry(RetryRequest request) => (await ActAsync<RetriedTrials>("retry", request)).Retried;

        public Task<EditReply> Edit(EditRequest request) => ActAsync<EditReply>("edit", request);

        public async Task<ImmutableArray<int>> Enqueue(EnqueueRequest request) =>
            (await ActAsync<EnqueuedTrials>("enqueue", request)).Trials;

        public Task Label(LabelRequest request) => ActAsync<object?>("label", request);

        public Task<DeleteReply> Delete(SweepAction action) => ActAsync<DeleteReply>("delete", action);

        public async Task<TrialProgress?> GetProgress(int trial)
        {
            try
            {
                return await link.GetAsync<TrialProgress>($"trials/{sweep}/{trial}/progress");
            }
            catch (SweepRefusedException)
            {
                return null; // As over the gateway: it does not run.
            }
        }

        private Task<T> ActAsync<T>(string verb, SweepAction action) => link.PostAsync<T>($"sweeps/{sweep}/{verb}", action);
    }
}
