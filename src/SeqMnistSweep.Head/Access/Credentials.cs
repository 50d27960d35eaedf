using System.Collections.Concurrent;
using SeqMnistSweep.Results.Access;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Head.Access;

/// <summary>The tokens that this head takes. Safe for use by many threads.</summary>
public sealed class Credentials
{
    /// <summary>What a cookie of the head's own account names: it outlives the start whose token it came by.</summary>
    private const string OwnAccount = "account";

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(24);

    private readonly AccessToken _admin = AccessToken.Create();
    private readonly ConcurrentDictionary<string, TokenRow> _byId;
    private readonly TokenStore? _store;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _ends = new(StringComparer.Ordinal);

    public Credentials(HeadStore store, HeadOptions options, TimeProvider time)
    {
        _time = time;
        _store = options.OwnAccountOnly ? null : new TokenStore(store.Writer, store.Reader.Path);
        _byId = new(Tokens().Select(token => KeyValuePair.Create(token.Id, token)), StringComparer.Ordinal);
    }

    /// <summary>The account that the head runs as; programs of it find <see cref="AdminToken"/> in the head file.</summary>
    public static string Account => Environment.UserName;

    /// <summary>The head's own account.</summary>
    public static Caller Own { get; } = new(Account, Role.Admin, OwnAccount);

    /// <summary>Made anew at every start and kept in memory only.</summary>
    public string AdminToken => _admin.ToString();

    /// <param name="token">As it was shown.</param>
    /// <returns>Null where this head takes no such token.</returns>
    public Caller? Find(string token)
    {
        if (AccessToken.TryParse(token) is not { } shown) return null;

        if (shown.Id == _admin.Id) return Secret.AreEqual(shown.Secret, _admin.Secret) ? Own : null;

        return _byId.TryGetValue(shown.Id, out var row) && Secret.AreEqual(Secret.DigestOf(shown.Secret), row.Digest) && IsLive(row)
            ? new Caller(row.Name, StateNames.Parse<Role>(row.Role), row.Id)
            : null;
    }

    /// <summary>All of them, without what they were made of.</summary>
    internal IReadOnlyList<TokenRow> Tokens() => _store?.Tokens() ?? [];

    /// <summary>A new token, shown here and never again.</summary>
    internal async Task<(TokenRow Row, string Token)> CreateAsync(string name, Role role, TimeSpan? life, string actor)
    {
        var (token, now) = (AccessToken.Create(), _time.GetUtcNow());
        var row = new TokenRow(
            token.Id, name, role.ToName(), Secret.DigestOf(token.Secret), Timestamp.Format(now), actor,
            life is { } holds ? Timestamp.Format(now + holds) : null, Revoked: null);
        await Writable.AddAsync(row);
        _byId[row.Id] = row;
        return (row, token.ToString());
    }

    /// <summary>Takes tokens back, and ends what was begun with them.</summary>
    /// <param name="which">The id of one, or the name of who has them.</param>
    /// <returns>How many.</returns>
    internal async Task<int> RevokeAsync(string which)
    {
        var revoked = await Writable.RevokeAsync(which, _time.GetUtcNow());
        foreach (var row in Tokens())
        {
            _byId[row.Id] = row;
            if (row.Revoked is not null && _ends.TryRemove(row.Id, out var end))
            {
                await end.CancelAsync();
            }
        }

        return revoked;
    }

    /// <summary>Ends with a token that is taken back, or whose time is over.</summary>
    /// <param name="credential">As <see cref="Caller.Credential"/>.</param>
    internal CancellationToken EndOf(string credential)
    {
        if (!_byId.TryGetValue(credential, out var row)) return CancellationToken.None;

        if (!IsLive(row)) return new CancellationToken(canceled: true);

        var end = _ends.GetOrAdd(credential, _ => row.Ends is null
            ? new CancellationTokenSource()
            : new CancellationTokenSource(Least(Timestamp.Parse(row.Ends) - _time.GetUtcNow(), LongestWait), _time)).Token;

        // It may have been taken back since it was looked at, and nobody would end this one.
        return IsLive(credential) ? end : new CancellationToken(canceled: true);
    }

    private TokenStore Writable => _store ?? throw new InvalidOperationException("only the own account is let in here");

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Whether what somebody was let in by still holds.</summary>
    /// <param name="credential">As <see cref="Caller.Credential"/>.</param>
    internal bool IsLive(string credential) =>
        credential == OwnAccount || (_byId.TryGetValue(credential, out var row) && IsLive(row));

    private bool IsLive(TokenRow row) =>
        row.Revoked is null && (row.Ends is null || Timestamp.Parse(row.Ends) > _time.GetUtcNow());
}
