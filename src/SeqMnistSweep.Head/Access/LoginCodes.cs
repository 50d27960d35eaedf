using System.Collections.Concurrent;

namespace SeqMnistSweep.Head.Access;

/// <summary>Words that let a browser in: each once, and not for long. They stand in the fragment of a link, which browsers send to
/// nobody.</summary>
public sealed class LoginCodes(TimeProvider time)
{
    /// <summary>How long one holds.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private const int MaxOpen = 1000;

    private readonly ConcurrentDictionary<string, (Caller Caller, DateTimeOffset End)> _open = [];

    /// <param name="caller">Whom the browser will speak for.</param>
    public string Create(Caller caller)
    {
        var now = time.GetUtcNow();
        foreach (var ended in _open.Where(code => code.Value.End <= now || _open.Count > MaxOpen).Select(code => code.Key).ToList())
        {
            _open.TryRemove(ended, out _);
        }

        var code = Secret.Create();
        _open[Secret.DigestOf(code)] = (caller, now + Life);
        return code;
    }

    /// <summary>Takes a code: it holds no more.</summary>
    /// <returns>Null where there is no such code.</returns>
    public Caller? Take(string code) =>
        _open.TryRemove(Secret.DigestOf(code), out var found) && found.End > time.GetUtcNow() ? found.Caller : null;
}
