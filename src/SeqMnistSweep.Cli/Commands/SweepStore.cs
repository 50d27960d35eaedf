using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Head.Submissions;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>Where a sweep is stored that was run elsewhere.</summary>
internal static class SweepStore
{
    private static readonly TimeSpan LongestStoring = TimeSpan.FromMinutes(2);

    /// <summary>At the head, or where none is named and none answers, in the database of this folder or the one that is named.</summary>
    /// <returns>With the database; null where the head has it.</returns>
    /// <exception cref="CommandError">The head refuses it.</exception>
    /// <exception cref="Results.DatabaseException">A head or a run has the database.</exception>
    public static async Task<(ImportReply Reply, string? Database)> ImportAsync(
        CommonOptions options, ParseResult parsed, ImportRequest request, CancellationToken stop)
    {
        using var client = HeadHttp.Create(options.Context.Variable);
        if (parsed.GetResult(options.Database) is not { Implicit: false } && await AnswersAsync(options, parsed, client, stop))
        {
            return (await HeadHttp.PostAsync<ImportReply>(
                client, options.HeadOf(parsed), "sweeps/import", request, stop, LongestStoring), null);
        }

        var file = options.DatabasePath(parsed);
        using var store = await HeadStore.OpenAsync(file, options.Context.Time);
        ProjectFolder.KeepOutOfGit(Path.GetDirectoryName(file)!);
        return (await SweepImport.WriteAsync(store, request, options.Context.Time), file);
    }

    private static async Task<bool> AnswersAsync(CommonOptions options, ParseResult parsed, HttpClient client, CancellationToken stop)
    {
        try
        {
            var head = options.HeadOf(parsed);
            (await HeadHttp.AskAsync(client, head, stop)).RequireSameVersion(head);
            return true;
        }
        catch (HeadUnreachable) when (!options.IsHeadNamed(parsed))
        {
            return false;
        }
    }
}
