using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S1: the ports of a <c>run</c> are every account's of the machine, and let nobody in but its own.</summary>
public sealed class RunTests
{
    private const string Sweep = """
        name: mine
        program: noop
        method: grid
        metric: {name: value, goal: minimize}
        parameters:
          sleep_ms: {values: [3000, 3001, 3002, 3003]}
        """;

    [Fact]
    public async Task A_strangers_silo_does_not_join_and_the_sweep_goes_on()
    {
        using var sweep = new SeqSweep();
        sweep.Write("mine.yaml", Sweep);
        await using var run = sweep.Start("run", "mine.yaml", "--slots", "1");
        var port = await PortOf(run);

        using var stranger = Host.CreateEmptyApplicationBuilder(null).Into(port).Build();
        using var gaveUp = new CancellationTokenSource();
        var joining = stranger.StartAsync(gaveUp.Token);

        (await run.EndAsync()).WithoutStackTrace().Expect(0);
        Assert.False(joining.IsCompletedSuccessfully, "a stranger has joined");
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => joining);
        Assert.Equal(SweepState.Completed, sweep.OnlySweep().Sweep.State);
    }

    [Fact]
    public async Task A_silent_connection_is_closed_at_once()
    {
        using var sweep = new SeqSweep();
        sweep.Write("mine.yaml", Sweep);
        await using var run = sweep.Start("run", "mine.yaml", "--slots", "1");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, await PortOf(run));

        Assert.Equal(0, await ReadAsync(socket));
        (await run.EndAsync()).WithoutStackTrace().Expect(0);
    }

    [NeedsSecondAccountFact]
    public async Task Another_account_is_told_whose_dashboard_it_is_and_steers_nothing()
    {
        using var nobody = new SecondAccount();
        using var sweep = new SeqSweep();
        sweep.Write("mine.yaml", Sweep.Replace("[3000, 3001, 3002, 3003]", "[600000]", StringComparison.Ordinal));
        await using var run = sweep.Start("run", "mine.yaml", "--slots", "1");
        var url = await DashboardOf(run);
        foreach (var command in (string[][])[["pause", "@last"], ["watch"], ["ask", "@last"], ["open"]])
        {
            var refused = await nobody.RunAsync([.. command, "--head", url]);
            Assert.Contains($"{new Uri(url).Authority} is {Environment.UserName}'s", refused.Expect(4).Error, StringComparison.Ordinal);
        }

        Assert.Contains("is paused", (await sweep.RunAsync("pause", "@last")).Expect(0).Error, StringComparison.Ordinal);
        (await sweep.RunAsync("cancel", "@last")).Expect(0);
        (await run.EndAsync()).WithoutStackTrace();
        Assert.Equal(SweepState.Cancelled, sweep.OnlySweep().Sweep.State);
    }

    private static async Task<int> PortOf(RunningProgram run)
    {
        var dashboard = new Uri(await DashboardOf(run)).Port;
        return Assert.Single(ListeningPorts.Of(run.Id), port => port != dashboard);
    }

    /// <summary>The first line that it says.</summary>
    private static async Task<string> DashboardOf(RunningProgram run)
    {
        await run.UntilAsync(() => run.HasExited || run.Error.Contains('\n', StringComparison.Ordinal), "a line");
        return run.Error.Split(' ', '\n') is ["dashboard:", var url, ..] ? url : throw new InvalidDataException(run.Error);
    }

    /// <returns>0 for a connection that was closed, or reset.</returns>
    private static async Task<int> ReadAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}

internal static class StrangersSilo
{
    /// <summary>A silo that joins the cluster of a <c>run</c>, as anybody could write one.</summary>
    public static HostApplicationBuilder Into(this HostApplicationBuilder builder, int port)
    {
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(LocalPort.Free(), 0, new IPEndPoint(IPAddress.Loopback, port));
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("run", "seqsweep"));
        });
        return builder;
    }
}
