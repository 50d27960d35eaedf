using System.CommandLine.Completions;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>What a shell offers for arguments and options that name a sweep, a trial or a worker.</summary>
internal sealed class Suggestions(CommonOptions options)
{
    private const int MaxTrials = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Offers ids to every command that takes them.</summary>
    public void AddTo(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            Add(argument.CompletionSources, argument.HelpName ?? "");
        }

        foreach (var option in command.Options.Where(option => option is not Option<bool>))
        {
            Add(option.CompletionSources, option.HelpName ?? "");
        }

        foreach (var part in command.Subcommands)
        {
            AddTo(part);
        }
    }

    private void Add(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, string name)
    {
        Func<ResultSource, string, CancellationToken, Task<IEnumerable<string>>>? ask =
            name.Contains("TRIAL", StringComparison.Ordinal) ? (results, word, stop) => TrialsAsync(results, word, name, stop)
            : name.Contains("SWEEP", StringComparison.Ordinal) ? SweepsAsync
            : name is "WORKER" ? WorkersAsync
            : null;
        if (ask is not null)
        {
            sources.Add(context => Read(context, ask).Select(text => new CompletionItem(text)));
        }
    }

    /// <summary>Nobody is told of an error in the middle of a line.</summary>
    private IReadOnlyList<string> Read(
        CompletionContext context, Func<ResultSource, string, CancellationToken, Task<IEnumerable<string>>> ask)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            using var results = options.OpenResultsAsync(context.ParseResult, limit.Token).GetAwaiter().GetResult();
            return [.. ask(results, context.WordToComplete, limit.Token).GetAwaiter().GetResult()];
        }
        catch (Exception error) when (error is CommandError or OperationCanceledException or Results.DatabaseException or QueryException)
        {
            return [];
        }
    }

    private static async Task<IEnumerable<string>> SweepsAsync(ResultSource results, string word, CancellationToken stop) =>
        (await results.SweepsAsync(stop)).Where(sweep => sweep.Archived is null || word.Length > 0).Select(sweep => sweep.Sweep)
            .Prepend("@last").Where(id => id.StartsWith(word, StringComparison.Ordinal));

    private static async Task<IEnumerable<string>> TrialsAsync(
        ResultSource results, string word, string name, CancellationToken stop)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            var sweeps = (await SweepsAsync(results, word, stop)).ToList();
            return [.. sweeps.Where(_ => name.Contains("SWEEP", StringComparison.Ordinal)), .. sweeps.Select(sweep => sweep + "/")];
        }

        var of = await SweepReference.ResolveAsync(results, word[..slash], stop);
        return Enumerable.Range(1, (int)Math.Min(of.Trials, int.MaxValue)).Select(number => $"{word[..slash]}/{number}")
            .Where(id => id.StartsWith(word, StringComparison.Ordinal)).Take(MaxTrials);
    }

    private static async Task<IEnumerable<string>> WorkersAsync(ResultSource results, string word, CancellationToken stop) =>
        (await results.QueryAsync(new ReadOnlyQuery("select worker from workers order by worker") { Timeout = Patience }, stop)).Rows
            .Select(row => row[0] as string ?? "").Where(name => name.StartsWith(word, StringComparison.Ordinal));
}
