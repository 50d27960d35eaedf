using System.Net;
using System.Net.Sockets;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;

namespace SeqMnistSweep.Cli.Tests.Hosting.Cluster;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public void This_machine_needs_no_leave(string listen)
    {
        var address = ListenAddress.Of(listen, null);
        Assert.True(address.IsLoopback);
        Assert.True(IPAddress.IsLoopback(address.Bind));
        Assert.Equal(address.Bind, address.Advertised);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    public void A_network_is_spoken_to_over_https_unless_it_is_trusted(string listen)
    {
        var address = ListenAddress.Of(listen, "10.1.2.4");
        Assert.Equal(IPAddress.Parse(listen), address.Bind);
        Assert.True(new HeadHostOptions { Listen = address }.IsHttps);
        Assert.False(new HeadHostOptions { Listen = address, Insecure = true }.IsHttps);
        Assert.False(new HeadHostOptions { Listen = ListenAddress.Of("127.0.0.1", null) }.IsHttps);
    }

    [Fact]
    public void Every_interface_is_never_advertised()
    {
        Assert.NotEqual(IPAddress.Any, ListenAddress.Of("0.0.0.0", null).Advertised);
        Assert.Equal(IPAddress.Parse("10.1.2.4"), ListenAddress.Of("0.0.0.0", "10.1.2.4").Advertised);
    }

    [Fact]
    public void A_host_that_nobody_knows_is_named() =>
        Assert.Contains("no.such.host.invalid", Assert.Throws<CommandError>(() => ListenAddress.Of("no.such.host.invalid", null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_port_that_somebody_listens_on_is_refused_with_the_option_that_chooses_another()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var refused = Assert.Throws<CommandError>(() => Ports.Require(IPAddress.Loopback, port, "--silo-port"));
        Assert.Contains($"{port}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--silo-port", refused.Hint, StringComparison.Ordinal);
        Ports.Require(IPAddress.Loopback, Ports.Free(IPAddress.Loopback), "--silo-port");
    }

    [Theory]
    [InlineData(null, "http://127.0.0.1:8080/")]
    [InlineData("gpu-head", "http://gpu-head:8080/")]
    [InlineData("gpu-head:81", "http://gpu-head:81/")]
    [InlineData("http://gpu-head", "http://gpu-head/")]
    [InlineData("https://gpu-head:8443", "https://gpu-head:8443/")]
    public void A_head_may_be_named_in_short(string? option, string url) => Assert.Equal(url, HeadAddress.Of(option, _ => null).ToString());

    [Fact]
    public void The_option_outranks_the_environment()
    {
        Assert.Equal("http://one:1/", HeadAddress.Of("one:1", _ => "two:2").ToString());
        Assert.Equal("http://two:2/", HeadAddress.Of(null, _ => "two:2").ToString());
        Assert.Throws<CommandError>(() => HeadAddress.Of("ftp://one", _ => null));
    }
}
