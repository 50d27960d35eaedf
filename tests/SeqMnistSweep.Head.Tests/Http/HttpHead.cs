using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Checkpoints;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>The head's files and results over HTTP without its silo, on a database with one sweep of running trials.</summary>
internal sealed class HttpHead : IAsyncDisposable
{
    public static readonly SweepId Sweep = SweepId.Parse("rig-0000");

    private readonly WebApplication _app;

    private HttpHead(WebApplication app, HeadStore store, string folder, HeadOptions options)
    {
        (_app, Store, Folder, Options) = (app, store, folder, options);
        Url = new Uri(app.Urls.First());
        Client = new HttpClient { BaseAddress = Url };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
    }

    public HeadStore Store { get; }

    public string Folder { get; }

    public HeadOptions Options { get; }

    public Uri Url { get; }

    /// <summary>Of an admin.</summary>
    public HttpClient Client { get; }

    public string AdminToken => _app.Services.GetRequiredService<Credentials>().AdminToken;

    public IEnumerable<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <param name="before">Sees every request first; true when it has answered.</param>
    /// <param name="map">Adds paths.</param>
    public static async Task<HttpHead> StartAsync(
        int trials = 3, Func<HeadOptions, HeadOptions>? change = null, Func<HttpContext, bool>? before = null, Action<IEndpointRouteBuilder>? map = null)
    {
        var folder = Directory.CreateTempSubdirectory("seqsweep-http-").FullName;
        var options = new HeadOptions { CheckpointFolder = Path.Combine(folder, "checkpoints"), QueryCommand = SeqSweepProgram.Query };
        options = change?.Invoke(options) ?? options;
        var store = await HeadStore.OpenAsync(Path.Combine(folder, "sweeps.db"), TimeProvider.System);
        await store.Writer.WriteAsync(Sweep, [new SweepChange.SweepAdded(NewSweep()), .. Enumerable.Range(1, trials).Select(number => new SweepChange.TrialAdded(NewTrial(number)))]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(options).AddSingleton(store);
        builder.Services.AddHeadApi();
        builder.Services.AddSingleton(_ => HeadIdentity.Open(folder, CertificateLives.Usual, [], TimeProvider.System)).AddAdmission(asksWorkers: true);
        builder.Services.AddSingleton<CheckpointStore>().AddSingleton<CheckpointQuota>().AddSingleton<CheckpointUploadHandler>();
        var app = builder.Build();
        app.Use((context, next) => before?.Invoke(context) == true ? Task.CompletedTask : next(context));
        app.UseHeadApi();
        app.MapHead();
        map?.Invoke(app);
        await app.StartAsync();
        return new HttpHead(app, store, folder, options);
    }

    public static string DigestOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string PathOf(int trial, string digest) => $"api/v1/checkpoints/{Sweep}/{trial}/{digest}.safetensors";

    public string FileOf(int trial, string digest) => Path.Combine(Options.CheckpointFolder, Sweep.Value, $"{trial}", $"{digest}.safetensors");

    public string FileOf(int trial, CheckpointFile checkpoint) => Path.Combine(Options.CheckpointFolder, Sweep.Value, $"{trial}", checkpoint.FileName);

    /// <summary>Uploads a checkpoint and commits it, then ends the trial in that state.</summary>
    public async Task AddAsync(int trial, byte[] bytes, TrialState state)
    {
        using var answer = await Client.PutAsync(new Uri(PathOf(trial, DigestOf(bytes)), UriKind.Relative), new ByteArrayContent(bytes));
        answer.EnsureSuccessStatusCode();
        var checkpoint = new CheckpointFile(1, 0, DigestOf(bytes), bytes.Length);
        await Store.Writer.WriteAsync(Sweep,
        [
            new SweepChange.CheckpointAdded(trial, 1, 1, checkpoint, DateTimeOffset.UnixEpoch.AddMinutes(trial)),
            new SweepChange.TrialUpdated(NewTrial(trial) with { State = state, Checkpoint = checkpoint }, 1),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static SweepRecord NewSweep() => new()
    {
        Id = Sweep,
        Name = "rig",
        State = SweepState.Running,
        Method = "grid",
        Metric = "value",
        Maximize = false,
        Source = "method: grid\n",
        Digest = "d",
        Created = DateTimeOffset.UnixEpoch,
    };

    public static TrialRecord NewTrial(int number) => new()
    {
        Number = number,
        Configuration = number,
        Parameters = ParameterSet.Empty,
        Seed = 1,
        State = TrialState.Running,
        Lease = 1,
        Attempts = 1,
        Created = DateTimeOffset.UnixEpoch,
    };
}
