using System.Collections.Concurrent;

namespace SeqMnistSweep.Head.Live;

/// <summary>What many tabs ask for at once is read once: an answer holds as long as its version does.</summary>
internal sealed class SharedReads
{
    private readonly ConcurrentDictionary<string, (long Version, Lazy<Task<string?>> Text)> _answers = new();

    /// <param name="version">Of what is read; another one than that of the last answer reads again.</param>
    public Task<string?> GetAsync(string topic, long version, Func<Task<string?>> read)
    {
        var answer = _answers.AddOrUpdate(
            topic,
            _ => (version, Later(read)),
            (_, old) => old.Version == version && !(old.Text.IsValueCreated && old.Text.Value.IsFaulted) ? old : (version, Later(read)));
        if (_answers.Count > 4 * LiveTopics.Most)
        {
            Forget(topic);
        }

        return answer.Text.Value;
    }

    /// <summary>Begun by the first who asks; an exception is one of the task, so that the next one asks anew.</summary>
    private static Lazy<Task<string?>> Later(Func<Task<string?>> read) => new(() => Task.Run(read));

    // Sweeps come and go; what nobody asks for any more must not stay for ever.
    private void Forget(string but)
    {
        foreach (var topic in _answers.Keys.Where(topic => topic != but).Take(LiveTopics.Most))
        {
            _answers.TryRemove(topic, out _);
        }
    }
}
