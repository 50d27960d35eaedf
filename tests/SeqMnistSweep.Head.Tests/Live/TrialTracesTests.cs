using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Live;

public sealed class TrialTracesTests : IDisposable
{
    private static readonly SweepId Sweep = SweepId.Parse("traced-0000");
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly string _name = $"traces-{Guid.NewGuid()}";
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly TrialTraces _traces;

    public TrialTracesTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == _name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
        _traces = new TrialTraces(_name, new FakeTimeProvider(Start.AddSeconds(100)));
    }

    public void Dispose()
    {
        _traces.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public void A_trial_is_one_trace_from_its_entry_over_leases_and_epochs_to_their_commits()
    {
        Added(1, 0);
        Moved(1, TrialState.Leased, 10, attempt: 1);
        Moved(1, TrialState.Running, 11);
        Reported(1, 1, 20);
        Moved(1, TrialState.Queued, 25);
        Moved(1, TrialState.Leased, 30, attempt: 2);
        Reported(1, 2, 42);
        Moved(1, TrialState.Completed, 43);

        Assert.Equal(
            [("submit", 0, 10), ("commit", 20, 100), ("epoch", 10, 20), ("lease", 10, 25), ("commit", 42, 100), ("epoch", 30, 42), ("lease", 30, 43)],
            _ended.Select(span => (span.OperationName, Second(span.StartTimeUtc), Second(span.StartTimeUtc + span.Duration))));
        Assert.Single(_ended.Select(span => span.TraceId).Distinct());
        Assert.Equal(["", "epoch", "lease", "submit", "epoch", "lease", "submit"], _ended.Select(ParentOf));
        Assert.All(_ended, span => Assert.Equal(("traced-0000", 1), (span.GetTagItem("sweep"), span.GetTagItem("trial"))));
        Assert.Equal([1, 2], _ended.Where(span => span.OperationName == "lease").Select(span => span.GetTagItem("attempt")));
    }

    [Fact]
    public void Two_trials_are_two_traces()
    {
        Added(1, 0);
        Added(2, 0);
        Moved(1, TrialState.Leased, 1);
        Moved(2, TrialState.Leased, 2);
        Moved(1, TrialState.Completed, 3);
        Moved(2, TrialState.Failed, 4);
        Assert.Equal(2, _ended.Select(span => span.TraceId).Distinct().Count());
    }

    [Fact]
    public void A_trial_from_before_the_heads_start_goes_on_in_one_trace_of_its_leases()
    {
        Moved(1, TrialState.Leased, 1);
        Moved(1, TrialState.Queued, 2);
        Moved(1, TrialState.Leased, 3);
        Moved(1, TrialState.Completed, 4);
        Assert.Equal(["lease", "lease"], _ended.Select(span => span.OperationName));
        Assert.Single(_ended.Select(span => span.TraceId).Distinct());
    }

    private string ParentOf(Activity span) => _ended.FirstOrDefault(other => other.SpanId == span.ParentSpanId)?.OperationName ?? "";

    private static int Second(DateTime time) => (int)(time - Start.UtcDateTime).TotalSeconds;

    private void Added(int trial, int second) => _traces.Note(Sweep, new SweepChange.TrialAdded(new TrialRecord
    {
        Number = trial,
        Configuration = trial,
        Parameters = ParameterSet.Empty,
        Seed = 1,
        Created = Start.AddSeconds(second),
    }));

    private void Moved(int trial, TrialState to, int second, int attempt = 1) => _traces.Note(Sweep, new SweepChange.EventAdded(new SweepEvent(
        new Occurrence.TrialMoved(trial, attempt, TrialState.Running, to, TransitionCause.Started), "so it is", "w", Start.AddSeconds(second))));

    private void Reported(int trial, int epoch, int second) =>
        _traces.Note(Sweep, new SweepChange.ReportAdded(trial, 1, 1, new EpochReport(epoch, ImmutableSortedDictionary<string, double>.Empty), Start.AddSeconds(second)));
}
