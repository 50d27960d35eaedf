using System.Collections.Concurrent;

namespace SeqMnistSweep.Head.Live;

/// <summary>Reads once what many clients ask for at the same time: an answer holds as long as its version.</summary>
internal sealed class SharedReads<T>
{
    private readonly ConcurrentDictionary<string, (long Version, Lazy<Task<T>> Read)> _answers = new();

    /// <param name="version">Of what is read; a version other than the last answer's reads again.</param>
    public Task<T> GetAsync(string topic, long version, Func<Task<T>> read)
    {
        var answer = _answers.AddOrUpdate(
            topic,
            _ => (version, Later(read)),
            (_, old) => old.Version == version && !(old.Read.IsValueCreated && old.Read.Value.IsFaulted) ? old : (version, Later(read)));
        if (_answers.Count > 4 * LiveTopics.Max)
        {
            Forget(topic);
        }

        return answer.Read.Value;
    }

    /// <summary>The first caller starts the read. An exception faults the task, so that the next caller starts a new one.</summary>
    private static Lazy<Task<T>> Later(Func<Task<T>> read) => new(() => Task.Run(read));

    // Sweeps come and go; the answers of old ones must not stay for ever.
    private void Forget(string but)
    {
        foreach (var topic in _answers.Keys.Where(topic => topic != but).Take(LiveTopics.Max))
        {
            _answers.TryRemove(topic, out _);
        }
    }
}
