using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace SeqMnistSweep.Head.Http;

/// <summary>The interface's answers out of a database that is only read, for this process alone: no port is opened.</summary>
public sealed class StoredApi : IDisposable
{
    private readonly HeadStore _store;
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _answer;

    /// <exception cref="SeqMnistSweep.Results.DatabaseException">The database cannot be read.</exception>
    public StoredApi(string database, HeadOptions options, TimeProvider time)
    {
        _store = HeadStore.OpenReadOnly(database, time);
        var services = new ServiceCollection();
        services.AddLogging().AddRouting().AddSingleton(new DiagnosticListener("Microsoft.AspNetCore"));
        services.AddSingleton(_store).AddSingleton(options).AddSingleton(time).AddReads();
        _services = services.BuildServiceProvider();
        var app = new ApplicationBuilder(_services);
        app.UseRouting();
        app.UseEndpoints(routes =>
        {
            routes.MapSweeps();
            routes.MapTrials();
            routes.MapSpace();
            routes.MapSummary();
            routes.MapStoredLive();
        });
        _answer = app.Build();
    }

    /// <summary>What a head answers to a path below <c>/api/v1</c>; null where it refuses.</summary>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken stop)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = _services, RequestAborted = stop };
        var query = path.IndexOf('?', StringComparison.Ordinal);
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = $"/api/v1/{(query < 0 ? path : path[..query])}";
        context.Request.QueryString = new QueryString(query < 0 ? null : path[query..]);
        context.Response.Body = body;
        await _answer(context);
        body.Position = 0;
        return context.Response.StatusCode == StatusCodes.Status200OK ? await JsonNode.ParseAsync(body, cancellationToken: stop) : null;
    }

    public void Dispose()
    {
        _services.Dispose();
        _store.Dispose();
    }
}
