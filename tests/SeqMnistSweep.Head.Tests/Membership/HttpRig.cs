using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Worker.Membership;

namespace SeqMnistSweep.Head.Tests.Membership;

/// <summary>A table behind a real server on a loopback port, and a worker's client of it.</summary>
internal sealed class HttpRig : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpRig(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Http = WorkerMembership.Client(Address);
        Client = new HttpMembershipTable(Http, TimeProvider.System, NullLogger<HttpMembershipTable>.Instance);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public HttpMembershipTable Client { get; }

    public static async Task<HttpRig> StartAsync(TableRig rig, string address = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        builder.Services.AddSingleton(rig.Table);
        var app = builder.Build();
        app.MapMembership();
        await app.StartAsync();
        return new HttpRig(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
