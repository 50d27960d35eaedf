using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Results.Certificates;

namespace SeqMnistSweep.Head.Admission;

/// <summary>Which workers the head has let in: each has a certificate for its silo and a key that it shows with every call. They are
/// kept in the database, so that a head that starts again knows its workers. Safe for use by many threads.</summary>
public sealed class WorkerCredentials
{
    private readonly CertificateStore _store;
    private readonly HeadIdentity _identity;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WorkerCredential> _byKey = new(StringComparer.Ordinal);
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);

    public WorkerCredentials(CertificateStore store, HeadIdentity identity, TimeProvider time)
    {
        (_store, _identity, _time) = (store, identity, time);
        foreach (var row in store.Certificates())
        {
            Take(row);
        }
    }

    /// <summary>Hears when certificates have been revoked.</summary>
    public event Action? Revoked;

    /// <summary>Signs a worker's key.</summary>
    /// <param name="joinSecret">What it was let in by; null for a worker of the head's own account.</param>
    /// <exception cref="JoinRefusedException">It is not let in.</exception>
    public Task<JoinAnswer> JoinAsync(JoinRequest request, string? joinSecret)
    {
        var digest = joinSecret is null ? null : Secret.DigestOf(joinSecret);
        if (digest is not null)
        {
            Require(_store.EndOfJoinSecret(digest));
        }

        return IssueAsync(request.Name ?? "", request.Request, Secret.Create(), digest, silo: null);
    }

    /// <summary>Signs a key of a worker that is in already; the worker key stays.</summary>
    /// <exception cref="JoinRefusedException">The request is none.</exception>
    public Task<JoinAnswer> RenewAsync(WorkerCredential worker, string workerKey, string request) =>
        IssueAsync(worker.Name, request, workerKey, worker.JoinSecret, worker.Silo);

    /// <summary>Makes a secret by which workers join, any number of them, until it ends.</summary>
    public async Task<string> CreateJoinSecretAsync(TimeSpan life, string actor)
    {
        var (secret, now) = (Secret.Create(), _time.GetUtcNow());
        await _store.AddJoinSecretAsync(Secret.DigestOf(secret), now, now + life, actor);
        return secret;
    }

    /// <summary>The worker that has a key.</summary>
    /// <returns>Null where nobody has it.</returns>
    /// <exception cref="JoinRefusedException">It had, and was revoked or has ended.</exception>
    public WorkerCredential? Find(string? workerKey)
    {
        if (workerKey is null) return null;

        lock (_gate)
        {
            if (!_byKey.TryGetValue(Secret.DigestOf(workerKey), out var found)) return null;

            return found.IsRevoked ? throw new JoinRefusedException(JoinRefusal.Revoked, found.Name)
                : found.Ends < _time.GetUtcNow() ? throw new JoinRefusedException(JoinRefusal.Ended, found.Name)
                : found;
        }
    }

    /// <summary>Whether a silo is the worker's own; the first that it names is.</summary>
    public async Task<bool> OwnsAsync(WorkerCredential worker, SiloAddress silo)
    {
        var text = silo.ToParsableString();
        lock (_gate)
        {
            if (_byKey[worker.KeyDigest].Silo is { } own) return own == text;

            _byKey[worker.KeyDigest] = _byKey[worker.KeyDigest] with { Silo = text };
        }

        await _store.BindAsync(worker.KeyDigest, text);
        return true;
    }

    /// <param name="serial">Of a certificate.</param>
    public bool IsRevoked(string serial)
    {
        lock (_gate)
        {
            return _revoked.Contains(serial);
        }
    }

    /// <summary>Takes from a worker what it has, and ends the join line by which it came.</summary>
    /// <returns>False where no worker of that name has a certificate.</returns>
    public async Task<bool> RevokeAsync(string name)
    {
        await _store.RevokeAsync(name, _time.GetUtcNow());
        var rows = _store.Certificates().Where(row => row.Name == name && row.Revoked is not null).ToList();
        foreach (var row in rows)
        {
            Take(row);
        }

        Revoked?.Invoke();
        return rows.Count > 0;
    }

    private async Task<JoinAnswer> IssueAsync(string name, string request, string workerKey, string? joinSecret, string? silo)
    {
        if (!WorkerName.IsValid(name)) throw new JoinRefusedException(JoinRefusal.Name, name);

        var now = _time.GetUtcNow();
        using var certificate = Sign(request, name, now);
        var row = new CertificateRow(
            certificate.SerialNumber, name, now, certificate.NotAfter.ToUniversalTime(), Secret.DigestOf(workerKey), joinSecret, silo,
            Revoked: null);
        await _store.AddAsync(row);
        Take(row);
        return new JoinAnswer(certificate.ExportCertificatePem(), _identity.Authority.Certificate.ExportCertificatePem(), workerKey);
    }

    private X509Certificate2 Sign(string request, string name, DateTimeOffset now)
    {
        try
        {
            return _identity.Authority.Sign(KeyRequest.Read(request), CertificateRole.Worker, name, _identity.Lives.Worker, now);
        }
        catch (FormatException error)
        {
            throw new JoinRefusedException(JoinRefusal.Request, error.Message);
        }
    }

    private void Require(DateTimeOffset? end)
    {
        if (end is null) throw new JoinRefusedException(JoinRefusal.Unknown, "");

        if (end <= _time.GetUtcNow()) throw new JoinRefusedException(JoinRefusal.LineEnded, "");
    }

    /// <summary>Of one key the newest certificate counts.</summary>
    private void Take(CertificateRow row)
    {
        lock (_gate)
        {
            var silo = row.Silo ?? _byKey.GetValueOrDefault(row.KeyDigest)?.Silo;
            _byKey[row.KeyDigest] = new WorkerCredential(row.Name, row.KeyDigest, row.JoinSecret, silo, row.Ends, row.Revoked is not null);
            if (row.Revoked is not null)
            {
                _revoked.Add(row.Serial);
            }
        }
    }
}

/// <summary>A worker that was let in.</summary>
/// <param name="KeyDigest">Of its worker key.</param>
/// <param name="JoinSecret">Digest of the secret by which it came; null for one of the head's own account.</param>
/// <param name="Silo">Its own, in parsable form; null before it has joined.</param>
public sealed record WorkerCredential(
    string Name, string KeyDigest, string? JoinSecret, string? Silo, DateTimeOffset Ends, bool IsRevoked);
