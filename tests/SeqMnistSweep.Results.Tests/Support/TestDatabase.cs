using Microsoft.Data.Sqlite;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Support;

/// <summary>A database in a folder of its own, with its writer; both go with it.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-results-");

    public TestDatabase()
    {
        Path = System.IO.Path.Combine(_folder.FullName, "sweeps.db");
        Database = ResultDatabase.Open(Path, TimeProvider.System);
        Writer = new ResultWriter(Database);
        Reader = new ResultReader(Path);
    }

    public string Path { get; }

    public ResultDatabase Database { get; private set; }

    public ResultWriter Writer { get; private set; }

    public ResultReader Reader { get; }

    public WriteOutcome Write(SweepId sweep, params SweepChange[] changes) => Writer.WriteAsync(sweep, changes).Soon();

    /// <summary>Ends the head and starts another one.</summary>
    public void Restart()
    {
        Close();
        Database = ResultDatabase.Open(Path, TimeProvider.System);
        Writer = new ResultWriter(Database);
    }

    public void Close()
    {
        Writer.Dispose();
        Database.Dispose();
    }

    /// <summary>A foreign connection, as an open sqlite3 shell would be.</summary>
    public SqliteConnection Foreign()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=false");
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        Close();
        _folder.Delete(recursive: true);
    }
}

internal static class Waiting
{
    /// <summary>The result within 30 seconds.</summary>
    public static T Soon<T>(this Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
}
