using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>The dashboard in a real Chromium.</summary>
public sealed class BrowserTests
{
    [NeedsBrowserFact]
    public async Task Every_page_stands_in_both_themes_without_an_error_a_foreign_request_or_a_broken_rule()
    {
        await using var fleet = new Fleet();
        await SeededSweeps.WriteAsync(Path.Combine(fleet.Folder("head"), ".seqsweep", "sweeps.db"));
        await fleet.StartHeadAsync();
        await Browser.RunAsync(await fleet.TokenAsync(), "pages.mjs", fleet.Url, Browser.Pictures, SeededSweeps.Grid.Value, SeededSweeps.Hostile.Value);
    }

    /// <summary>And says so of five pictures that are wrong.</summary>
    [NeedsBrowserFact]
    public async Task Every_picture_draws_what_the_database_holds()
    {
        await using var fleet = new Fleet();
        var database = Path.Combine(fleet.Folder("head"), ".seqsweep", "sweeps.db");
        await SeededSweeps.WriteAsync(database);
        await PictureSweeps.WriteAsync(database);
        await fleet.StartHeadAsync();
        await Browser.RunAsync(await fleet.TokenAsync(), "pictures.mjs", fleet.Url, Browser.Pictures, SeededSweeps.Grid.Value);
    }

    [NeedsBrowserFact]
    public async Task A_report_is_the_dashboard_of_one_sweep_without_a_head_or_a_network()
    {
        using var place = new SeqSweep();
        await SeededSweeps.WriteAsync(place.Database);
        (await place.RunAsync("export", SeededSweeps.Grid.Value, "--format", "html", "--to", "report.html")).Expect(0);
        var report = Path.Combine(place.Folder, "report.html");
        await Browser.RunAsync("", "report.mjs", report, Browser.Pictures, SeededSweeps.Grid.Value, "144");
    }

    [NeedsBrowserFact]
    public async Task A_running_sweep_is_submitted_watched_and_steered()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "1");
        await Browser.RunAsync(await fleet.TokenAsync(), "live.mjs", fleet.Url, Browser.Pictures, "one");
    }
}
