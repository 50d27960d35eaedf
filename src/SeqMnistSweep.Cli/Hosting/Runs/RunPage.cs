using Microsoft.Extensions.Logging;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Hosting.Runs;

/// <summary>The dashboard of a <c>run</c>. That it cannot be shown is said, and keeps nobody from running.</summary>
internal static class RunPage
{
    /// <param name="port">0 takes a free one.</param>
    /// <param name="talk">Hears the link.</param>
    /// <returns>Null where it cannot be shown.</returns>
    public static async Task<LocalPage?> TryShowAsync(
        LocalCluster cluster, HeadStore store, HeadOptions head, int port, ILoggerProvider log, CommandContext context,
        Action<string> talk)
    {
        try
        {
            var page = await LocalPage.StartAsync(store, head, port, cluster.Services, log, context.Variable, context.Time);
            Say(page, context, talk);
            return page;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            talk($"no dashboard: {error.Message}{(port == 0 ? "" : "; a free port instead: leave out --http-port")}");
            return null;
        }
    }

    /// <summary>The link itself only to a terminal: what is written to a file may be read by others.</summary>
    private static void Say(LocalPage page, CommandContext context, Action<string> talk)
    {
        var open = $"seqsweep open --head {page.Url.GetLeftPart(UriPartial.Authority)}";
        if (context.ErrorWidth is null)
        {
            talk($"dashboard: {page.Url.GetLeftPart(UriPartial.Authority)}   your browser: {open}");
            return;
        }

        // By itself the link fits into a line of 80 columns.
        talk($"dashboard, once, within 10 minutes; then: {open}");
        talk($"{page.Link(Credentials.Own)}");
    }
}
