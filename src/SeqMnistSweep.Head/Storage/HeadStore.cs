using System.Diagnostics.Metrics;
using System.Reflection;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Head.Storage;

/// <summary>The head's database: locked for this process, with its one writer, and the number of this start; or one that is only read, and
/// that another process may write to.</summary>
public sealed class HeadStore : IDisposable
{
    private readonly ResultDatabase? _database;
    private readonly ResultWriter? _writer;
    private readonly ForeignChanges? _foreign;

    private HeadStore(ResultDatabase database, ResultWriter writer, long epoch, TimeProvider time)
    {
        Telemetry = new HeadTelemetry(time);
        _database = database;
        _writer = writer;
        Epoch = epoch;
        Reader = new ResultReader(database.Path);
        Tables = new TableReader(database.Path, new TrialOrders(Changes.Of));
        writer.Committed = (sweep, changes) =>
        {
            Changes.Note(sweep, changes);
            Telemetry.Note(sweep, changes);
            Told?.Invoke(sweep, changes);
        };
        writer.Batched = Telemetry.Batched;
        Telemetry.Watch(CountTrials, CountWorkers, OldestAttempt);
    }

    private HeadStore(string path, TimeProvider time)
    {
        Telemetry = new HeadTelemetry(time);
        Epoch = time.GetUtcNow().ToUnixTimeMilliseconds();
        Reader = new ResultReader(path);
        Tables = new TableReader(path, new TrialOrders(Changes.Of));
        _foreign = new ForeignChanges(Reader, Changes, time);
    }

    /// <summary>Hears of every commit of a sweep's, on the writer's thread: quick, and without an exception.</summary>
    internal Action<SweepId, IReadOnlyList<SweepChange>>? Told { get; set; }

    public HeadTelemetry Telemetry { get; }

    /// <summary>What was committed since this start.</summary>
    public ChangeFeed Changes { get; } = new();

    public ResultReader Reader { get; }

    /// <summary>Pages of trials; their orders are kept while a sweep does not change.</summary>
    public TableReader Tables { get; }

    /// <summary>How many times a head has started on this database, this start included; where it is only read, another number at every
    /// start.</summary>
    public long Epoch { get; }

    /// <summary>The copy that was made before an older database was migrated; null when there was nothing to migrate.</summary>
    public string? Backup => _database?.Backup;

    /// <summary>Why nothing can be stored at the moment; null when all is well.</summary>
    public string? Trouble => _writer?.Trouble?.Message;

    /// <summary>Why a sweep stands still while nothing can be stored.</summary>
    /// <param name="runs">Whether trials of it run.</param>
    internal static string TroubleSentence(string trouble, bool runs) =>
        $"nothing can be stored at the moment: {trouble}{(runs ? "; what runs trains on and tells of it later" : "")}";

    /// <summary>Whether this process may write to it.</summary>
    public bool IsWritable => _writer is not null;

    /// <exception cref="InvalidOperationException">It is only read.</exception>
    internal ResultWriter Writer => _writer ?? throw new InvalidOperationException($"{Reader.Path} is only read here");

    /// <exception cref="DatabaseException">Another head has the database, or it cannot be used.</exception>
    public static async Task<HeadStore> OpenAsync(string path, TimeProvider time)
    {
        var database = ResultDatabase.Open(path, time);
        try
        {
            DatabaseCopy.Sweep(database.Path);
            var writer = new ResultWriter(database);
            return new HeadStore(database, writer, await writer.NextHeadEpochAsync(Version), time);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>To be read alone: takes no lock, writes nothing, and hears of what another process commits.</summary>
    /// <exception cref="DatabaseException">It cannot be read.</exception>
    /// <exception cref="DatabaseMissingException">There is none.</exception>
    public static HeadStore OpenReadOnly(string path, TimeProvider time)
    {
        _ = new ResultReader(path).LastEvent();
        return new HeadStore(path, time);
    }

    public void Dispose()
    {
        _foreign?.Dispose();
        Telemetry.Dispose();
        _writer?.Dispose();
        _database?.Dispose();
    }

    private List<Measurement<long>> CountTrials() =>
        [.. Reader.OpenTrialCounts().Select(count => new Measurement<long>(count.Trials, StateTag(count.State)))];

    private List<Measurement<long>> CountWorkers() =>
        [.. Reader.Workers().GroupBy(worker => worker.State).Select(group => new Measurement<long>(group.Count(), StateTag(group.Key)))];

    private static KeyValuePair<string, object?> StateTag(string state) => new("state", state);

    private double OldestAttempt() => Reader.OldestAttemptSeconds();

    /// <summary>The program's version, without its commit.</summary>
    internal static string Version =>
        typeof(HeadStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "unknown";
}
