using System.Collections.Concurrent;

namespace SeqMnistSweep.Head.Live;

/// <summary>What many tabs ask for at once is read once: an answer holds as long as its version does.</summary>
internal sealed class SharedReads<T>
{
    private readonly ConcurrentDictionary<string, (long Version, Lazy<Task<T>> Read)> _answers = new();

    /// <param name="version">Of what is read; another one than that of the last answer reads again.</param>
    public Task<T> GetAsync(string topic, long version, Func<Task<T>> read)
    {
        var answer = _answers.AddOrUpdate(
            topic,
            _ => (version, Later(read)),
            (_, old) => old.Version == version && !(old.Read.IsValueCreated && old.Read.Value.IsFaulted) ? old : (version, Later(read)));
        if (_answers.Count > 4 * LiveTopics.Most)
        {
            Forget(topic);
        }

        return answer.Read.Value;
    }

    /// <summary>Begun by the first who asks; an exception is one of the task, so that the next one asks anew.</summary>
    private static Lazy<Task<T>> Later(Func<Task<T>> read) => new(() => Task.Run(read));

    // Sweeps come and go; what nobody asks for any more must not stay for ever.
    private void Forget(string but)
    {
        foreach (var topic in _answers.Keys.Where(topic => topic != but).Take(LiveTopics.Most))
        {
            _answers.TryRemove(topic, out _);
        }
    }
}
