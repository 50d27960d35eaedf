using System.Diagnostics;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>Several hosts on this machine: a network namespace each, joined by a bridge. Needs root and the program <c>ip</c>.</summary>
internal sealed class Network : IDisposable
{
    private readonly string _id = $"s{Environment.ProcessId % 100000}";
    private readonly List<string> _hosts = [];

    private string Bridge => $"{_id}br";

    /// <param name="hosts">Names of at most four letters; the first has the address 10.77.0.1, and so on.</param>
    public Network(params string[] hosts)
    {
        Ip("link", "add", Bridge, "type", "bridge");
        Ip("link", "set", Bridge, "up");
        foreach (var host in hosts)
        {
            Add(host);
        }
    }

    public static bool IsPossible => Environment.UserName == "root" && File.Exists("/usr/sbin/ip");

    public string Address(string host) => $"10.77.0.{_hosts.IndexOf(host) + 1}";

    /// <summary>What a command line begins with to run on that host.</summary>
    public string[] On(string host) => ["/usr/sbin/ip", "netns", "exec", Namespace(host)];

    /// <summary>Pulls the host's plug, or puts it back.</summary>
    public void Link(string host, bool up) => Ip("link", "set", Cable(host), up ? "up" : "down");

    public void Dispose()
    {
        foreach (var host in _hosts)
        {
            Ip("netns", "del", Namespace(host));
        }

        Ip("link", "del", Bridge);
    }

    private string Namespace(string host) => $"{_id}{host}";

    /// <summary>The bridge's end of its cable; names of interfaces have at most 15 letters.</summary>
    private string Cable(string host) => $"{_id}{host}b";

    private void Add(string host)
    {
        _hosts.Add(host);
        var inside = $"{_id}{host}i";
        Ip("netns", "add", Namespace(host));
        Ip("link", "add", Cable(host), "type", "veth", "peer", "name", inside);
        Ip("link", "set", inside, "netns", Namespace(host));
        Ip("link", "set", Cable(host), "master", Bridge, "up");
        Ip("-n", Namespace(host), "addr", "add", $"{Address(host)}/24", "dev", inside);
        Ip("-n", Namespace(host), "link", "set", inside, "up");
        Ip("-n", Namespace(host), "link", "set", "lo", "up");
    }

    private static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/sbin/ip", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ip {string.Join(' ', arguments)}: {error}");
    }
}

/// <summary>A test over several hosts; skipped where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsNetworkFactAttribute : FactAttribute
{
    public NeedsNetworkFactAttribute()
    {
        if (!Network.IsPossible)
        {
            Skip = "network namespaces need root and iproute2";
        }
    }
}
