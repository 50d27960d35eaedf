using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Dispatch;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Sampling.Priors;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Head.Submissions;

/// <summary>How a sweep file becomes a stored sweep, or is found to be one already. Any thread may call.</summary>
internal sealed partial class SweepSubmission(
    HeadStore store, SweepActors sweeps, Dispatcher dispatcher, DatasetCheck datasets, TimeProvider time, ILogger<SweepSubmission> logger)
    : IDisposable
{
    /// <summary>Until it is stored; less than a caller waits, so that nobody is told of a failure and has the sweep.</summary>
    private static readonly TimeSpan LongestPlanning = TimeSpan.FromSeconds(20);

    /// <summary>How long a caller waits for the dispatcher, which takes the sweep up as soon as it can.</summary>
    private static readonly TimeSpan LongestTakingUp = TimeSpan.FromSeconds(3);

    /// <summary>One after another: two of the same file at once would not find each other, and make two sweeps.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The sweep of the same key; else, unless another is asked for, the newest of that content, an unfinished one before any
    /// finished; else a new one. Durable when it returns.</summary>
    /// <param name="parsed">The definition of the request's text where the caller has parsed it; null parses it here.</param>
    /// <exception cref="SweepRefusedException">The file has errors, the head lacks its data, or its sweep is unfinished and was begun on
    /// other data.</exception>
    public async Task<SubmitReply> SubmitAsync(SubmitRequest request, SweepDefinition? parsed = null)
    {
        if (request.Problem() is { } problem) throw new SweepRefusedException(problem);

        var (stored, continued) = await FindOrAddAsync(request, parsed);
        var sweep = stored.Sweep;
        await dispatcher.Run(dispatcher => dispatcher.TakeUp(stored));
        return new SubmitReply(sweep.Id, continued, sweep.State, sweep.Prior.Sources.IsEmpty ? null : sweep.Prior.ToString());
    }

    public void Dispose() => _turn.Dispose();

    /// <exception cref="SweepRefusedException">The text has errors; the message begins with <paramref name="refusal"/>.</exception>
    public static SweepDefinition Parse(string source, string fileName, string refusal)
    {
        var file = SweepFile.Parse(source, fileName);
        return file.Definition ?? throw new SweepRefusedException(
            $"{refusal}: {file.Diagnostics.First(finding => finding.Severity == Severity.Error).Message}");
    }

    /// <summary>It is stored: what goes wrong here, or takes long, is no failure of the submission.</summary>
    private async Task TakeUpAsync(SweepOutline stored)
    {
        var taken = dispatcher.Run(dispatcher => dispatcher.TakeUp(stored));
        await taken.WaitAsync(LongestTakingUp, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!taken.IsCompletedSuccessfully)
        {
            LogNotTakenUp(taken.Exception, stored.Sweep.Id);
        }
    }

    private async Task<(SweepOutline Stored, bool Continued)> FindOrAddAsync(SubmitRequest request, SweepDefinition? parsed)
    {
        var began = time.GetTimestamp();
        await _turn.WaitAsync();
        try
        {
            if (request.Key is { } key && store.Reader.SweepWithKey(key) is { } same)
            {
                return (store.Reader.Outline(same)!, true);
            }

            var definition = parsed ?? Parse(request.Source, request.FileName, $"{request.FileName} is no valid sweep file");
            if (await FindAsync(request, definition) is { } found) return (found, true);

            var sweep = await AddAsync(request, definition, began);
            sweeps.Keep(sweep.Id, definition);
            return (new SweepOutline(sweep, []), false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<SweepOutline?> FindAsync(SubmitRequest request, SweepDefinition definition)
    {
        if (MeantBy(request, definition) is not { } id) return null;

        var found = store.Reader.Outline(id)!;
        var sweep = found.Sweep;
        if (!sweep.State.IsFinal() && !sweep.DatasetDigests
            .SequenceEqual(request.DatasetDigests ?? await datasets.DigestsAsync(definition)))
        {
            throw new SweepRefusedException(
                $"sweep {sweep.Id} was started on other data (the digest differs); "
                    + "go on with that data, or start another sweep with --new");
        }

        if (sweep.Prior.Sources.IsEmpty && request.Priors is { IsDefaultOrEmpty: false })
        {
            throw new SweepRefusedException(
                $"sweep {sweep.Id} has this content and was begun without a prior; start another sweep with --new, or leave out --prior");
        }

        return found;
    }

    private SweepId? MeantBy(SubmitRequest request, SweepDefinition definition) => request.Meant ?? (request.New
        ? null
        : store.Reader.UnfinishedSweep(definition.Digest) ?? store.Reader.NewestSweep(definition.Digest));

    private async Task<SweepRecord> AddAsync(SubmitRequest request, SweepDefinition definition, long began)
    {
        var digests = request.DatasetDigests ?? await datasets.DigestsAsync(definition);
        var now = time.GetUtcNow();
        var plan = SweepPlan.Of(definition);
        var prior = request.Priors is not { IsDefaultOrEmpty: false } && request.Imported is null
            ? SearchPrior.None
            : PriorOf(request, definition);
        var action = request.Paused ? "submitted paused" : "submitted";
        var sweep = new SweepRecord
        {
            Id = NewId(store.Reader, definition.Name),
            Name = definition.Name,
            State = request.Paused ? SweepState.Paused : SweepState.Queued,
            Reason = request.Paused ? "submitted paused" : null,
            SubmitKey = request.Key,
            Method = definition.Method,
            Metric = definition.Metric.Name,
            Maximize = definition.Metric.Maximize,
            Metrics = definition.Metrics.Length > 1 ? definition.Metrics : [],
            Source = request.Source,
            Digest = definition.Digest,
            Priority = definition.Priority,
            Weight = definition.Weight,
            DatasetDigests = digests,
            Planned = plan.Trials,
            Seeds = definition.Seeds.Count,
            Prior = prior,
            Infeasible = plan.Points - plan.Feasible ?? 0,
            Created = now,
        };
        if (time.GetElapsedTime(began) > LongestPlanning)
        {
            throw new TimeoutException($"sweep {definition.Name} could not be planned in {LongestPlanning.TotalSeconds:0} s");
        }

        await store.Writer.WriteAsync(sweep.Id,
        [
            new SweepChange.SweepAdded(sweep),
            new SweepChange.EventAdded(new SweepEvent(
                new Occurrence.SweepSubmitted(sweep.State), prior.Sources.IsEmpty ? action : $"{action}, with the prior {prior}",
                Actor.Of(request.By, request.SaidBy), now)),
        ]);
        return sweep;
    }

    /// <summary>What the earlier sweeps found up to now.</summary>
    /// <exception cref="SweepRefusedException">The method takes no prior, or one is missing or brings nothing.</exception>
    private SearchPrior PriorOf(SubmitRequest request, SweepDefinition definition)
    {
        if (SamplerCatalog.WhyNoPrior(definition) is { } reason) throw new SweepRefusedException(reason);

        ImmutableArray<string> references = request.Priors ?? [];
        var given = references.Select(PriorSweep).DistinctBy(earlier => earlier.Sweep)
            .Select(earlier => PriorSelection
            .Of(earlier.Sweep, earlier.Maximize, store.Reader.EndedTrials(SweepId.Parse(earlier.Sweep)), definition.Space)).ToList();
        if (request.Imported is { } imported)
        {
            var trials = imported.Trials.Select(
                (trial, i) => new EndedTrial(
                    i + 1, trial.Parameters, trial.PrunedAfter is null ? TrialState.Completed : TrialState.Pruned, trial.Value,
                    trial.PrunedAfter ?? 1));
            given.Add(PriorSelection.Of(imported.Name, imported.Maximize, trials, definition.Space, isFile: true));
        }

        return given.Find(prior => prior.Points.IsEmpty).Source is not { } idle
            ? new SearchPrior([.. given.Select(prior => prior.Source)], [.. given.SelectMany(prior => prior.Points)])
            : throw new SweepRefusedException(idle.Outside == 0
                ? $"the prior {idle.Name} has no completed or pruned trial with a value yet"
                : $"none of the {Plural.Of(idle.Outside, "configuration")} of the prior {idle.Name} lies in this sweep's space; a prior "
                    + "shares parameters and ranges with it");
    }

    private SweepRow PriorSweep(string reference) => store.Reader.FindSweeps(reference) switch
    {
        [var newest, ..] => newest,
        [] => throw new SweepRefusedException($"there is no sweep '{reference}' in this database to be the prior"),
    };

    /// <summary>One that no sweep has.</summary>
    public static SweepId NewId(ResultReader reader, string name)
    {
        while (true)
        {
            var id = SweepId.Create(name, (ulong)RandomNumberGenerator.GetInt32(1 << 20));
            if (reader.Outline(id) is null) return id;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep} is stored, and the dispatcher has not taken it up yet.")]
    private partial void LogNotTakenUp(Exception? error, SweepId sweep);
}
