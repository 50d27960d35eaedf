namespace SeqMnistSweep.Head.Access;

/// <summary>The tokens that this head takes.</summary>
public sealed class Credentials
{
    private readonly AccessToken _admin = AccessToken.Create();

    /// <summary>The account that the head runs as; programs of it find <see cref="AdminToken"/> in the head file.</summary>
    public static string Account => Environment.UserName;

    /// <summary>Made anew at every start and kept in memory only.</summary>
    public string AdminToken => _admin.ToString();

    /// <param name="token">As it was shown.</param>
    /// <returns>Null where this head takes no such token.</returns>
    public Caller? Find(string token) =>
        AccessToken.TryParse(token) is { } shown && shown.Id == _admin.Id && Secret.AreEqual(shown.Secret, _admin.Secret)
            ? new Caller(Account, Role.Admin, _admin.Id)
            : null;
}
