using System.Diagnostics;

namespace SeqMnistSweep.Benchmarks.Chaos;

/// <summary>
/// Several hosts on this machine: a network namespace each, joined by a bridge in one more, so that this machine's own network stays
/// as it is and several networks can be there at once. Needs root and the program <c>ip</c>.
/// </summary>
internal sealed class Network : IDisposable
{
    private const string Inside = "eth0";

    private readonly string _id = $"seqsweep-{Guid.NewGuid():N}"[..17];
    private readonly List<string> _hosts = [];

    private string Hub => $"{_id}-hub";

    /// <param name="hosts">Names of at most fifteen letters; the first has the address 10.77.0.1, and so on.</param>
    public Network(params string[] hosts)
    {
        Ip("netns", "add", Hub);
        Ip("-n", Hub, "link", "add", "bridge", "type", "bridge");
        Ip("-n", Hub, "link", "set", "bridge", "up");
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
    public void Link(string host, bool up) => Ip("-n", Hub, "link", "set", host, up ? "up" : "down");

    public void Dispose()
    {
        foreach (var host in _hosts)
        {
            Ip("netns", "del", Namespace(host));
        }

        Ip("netns", "del", Hub);
    }

    private string Namespace(string host) => $"{_id}-{host}";

    private void Add(string host)
    {
        _hosts.Add(host);
        Ip("netns", "add", Namespace(host));
        Ip("-n", Hub, "link", "add", host, "type", "veth", "peer", "name", Inside, "netns", Namespace(host));
        Ip("-n", Hub, "link", "set", host, "master", "bridge", "up");
        Ip("-n", Namespace(host), "addr", "add", $"{Address(host)}/24", "dev", Inside);
        Ip("-n", Namespace(host), "link", "set", Inside, "up");
        Ip("-n", Namespace(host), "link", "set", "lo", "up");
    }

    private static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/sbin/ip", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error}");
        }
    }
}
