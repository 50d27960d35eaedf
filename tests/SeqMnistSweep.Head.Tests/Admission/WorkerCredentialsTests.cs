using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Results.Certificates;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Head.Tests.Admission;

public sealed class WorkerCredentialsTests : IAsyncLifetime, IDisposable
{
    private static readonly SiloAddress Silo = SiloAddress.New(IPAddress.Loopback, 11112, 7);
    private static readonly SiloAddress Other = SiloAddress.New(IPAddress.Loopback, 11113, 7);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private HeadStore _store = null!;
    private HeadIdentity _identity = null!;
    private WorkerCredentials _workers = null!;

    public async Task InitializeAsync()
    {
        _store = await HeadStore.OpenAsync(_folder["sweeps.db"], TimeProvider.System);
        _identity = HeadIdentity.Open(_folder.Path, CertificateLives.Usual, ["localhost"], _time);
        _workers = Start();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _identity.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_join_secret_lets_any_number_of_workers_in_until_it_ends()
    {
        var secret = await _workers.CreateJoinSecretAsync(TimeSpan.FromMinutes(30), "ada");
        var (one, two) = (await JoinAsync("w-1", secret), await JoinAsync("w-2", secret));

        Assert.Equal("w-1", _workers.Find(one.WorkerKey)!.Name);
        Assert.Equal("w-2", _workers.Find(two.WorkerKey)!.Name);
        using var certificate = X509Certificate2.CreateFromPem(one.Certificate);
        Assert.True(ClusterCertificate.IsOf(certificate, _identity.Authority.Certificate, CertificateRole.Worker));
        Assert.Equal("w-1", ClusterCertificate.NameOf(certificate));

        _time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(JoinRefusal.LineEnded, (await Assert.ThrowsAsync<JoinRefusedException>(() => JoinAsync("w-3", secret))).Refusal);
    }

    [Theory]
    [InlineData("x, OU=operator", JoinRefusal.Name)]
    [InlineData("../x", JoinRefusal.Name)]
    [InlineData("", JoinRefusal.Name)]
    public async Task A_name_that_could_be_read_as_more_is_refused(string name, JoinRefusal refusal) =>
        Assert.Equal(refusal, (await Assert.ThrowsAsync<JoinRefusedException>(() => JoinAsync(name, null))).Refusal);

    [Fact]
    public async Task Who_knows_no_secret_and_who_sends_no_request_is_refused()
    {
        Assert.Equal(JoinRefusal.Unknown, (await Assert.ThrowsAsync<JoinRefusedException>(() => JoinAsync("w", Secret.Create()))).Refusal);
        Assert.Equal(
            JoinRefusal.Request,
            (await Assert.ThrowsAsync<JoinRefusedException>(() => _workers.JoinAsync(new JoinRequest("w", "nonsense"), null))).Refusal);
        Assert.Null(_workers.Find(Secret.Create()));
        Assert.Null(_workers.Find(null));
    }

    [Fact]
    public async Task A_renewal_keeps_the_key_and_a_certificate_that_was_not_renewed_ends()
    {
        var first = await JoinAsync("w", null);
        _time.Advance(TimeSpan.FromHours(13));
        using var request = new KeyRequest();
        var second = await _workers.RenewAsync(_workers.Find(first.WorkerKey)!, first.WorkerKey, request.ToPem());
        Assert.Equal(first.WorkerKey, second.WorkerKey);
        Assert.NotEqual(first.Certificate, second.Certificate);

        _time.Advance(TimeSpan.FromHours(13));
        Assert.Equal("w", _workers.Find(first.WorkerKey)!.Name);
        _time.Advance(TimeSpan.FromHours(13));
        Assert.Equal(JoinRefusal.Ended, Assert.Throws<JoinRefusedException>(() => _workers.Find(first.WorkerKey)).Refusal);
    }

    [Fact]
    public async Task The_first_silo_that_a_worker_names_is_its_own_and_no_other()
    {
        var key = (await JoinAsync("w", null)).WorkerKey;

        Assert.True(await _workers.OwnsAsync(_workers.Find(key)!, Silo));
        Assert.True(await _workers.OwnsAsync(_workers.Find(key)!, Silo));
        Assert.False(await _workers.OwnsAsync(_workers.Find(key)!, Other));
        Assert.False(await Start().OwnsAsync(Start().Find(key)!, Other));
    }

    [Fact]
    public async Task A_head_that_starts_again_knows_its_workers_and_its_join_lines()
    {
        var secret = await _workers.CreateJoinSecretAsync(TimeSpan.FromMinutes(30), "ada");
        var key = (await JoinAsync("w", secret)).WorkerKey;
        var next = Start();

        Assert.Equal("w", next.Find(key)!.Name);
        using var request = new KeyRequest();
        Assert.NotNull(await next.JoinAsync(new JoinRequest("v", request.ToPem()), secret));
    }

    [Fact]
    public async Task What_is_revoked_is_told_and_takes_its_join_line_with_it()
    {
        var (line, other) = (await _workers.CreateJoinSecretAsync(TimeSpan.FromHours(1), "ada"), await _workers.CreateJoinSecretAsync(TimeSpan.FromHours(1), "ada"));
        var (bad, good) = (await JoinAsync("bad", line), await JoinAsync("good", line));
        using var certificate = X509Certificate2.CreateFromPem(bad.Certificate);
        var told = 0;
        _workers.Revoked += () => told++;

        Assert.True(await _workers.RevokeAsync("bad"));

        Assert.Equal(1, told);
        foreach (var head in (WorkerCredentials[])[_workers, Start()])
        {
            Assert.Equal(JoinRefusal.Revoked, Assert.Throws<JoinRefusedException>(() => head.Find(bad.WorkerKey)).Refusal);
            Assert.True(head.IsRevoked(certificate.SerialNumber));
            Assert.Equal("good", head.Find(good.WorkerKey)!.Name);
        }

        await Assert.ThrowsAsync<JoinRefusedException>(() => JoinAsync("bad", line));
        Assert.NotNull(await JoinAsync("new", other));
        Assert.False(await _workers.RevokeAsync("nobody"));
    }

    [Fact]
    public async Task Only_digests_of_secrets_are_kept()
    {
        var secret = await _workers.CreateJoinSecretAsync(TimeSpan.FromHours(1), "ada");
        var key = (await JoinAsync("w", secret)).WorkerKey;

        _store.Dispose();
        foreach (var file in Directory.GetFiles(_folder.Path, "sweeps.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var content = await reader.ReadToEndAsync();
            Assert.DoesNotContain(secret, content, StringComparison.Ordinal);
            Assert.DoesNotContain(key, content, StringComparison.Ordinal);
        }

        _store = await HeadStore.OpenAsync(_folder["sweeps.db"], TimeProvider.System);
    }

    [Fact]
    public void The_heads_own_certificate_is_made_anew_at_half_its_life()
    {
        var first = _identity.Certificate;
        _time.Advance(TimeSpan.FromDays(14));
        Assert.Same(first, _identity.Certificate);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.NotSame(first, _identity.Certificate);
        Assert.Equal(CertificateRole.Head, ClusterCertificate.RoleOf(_identity.Certificate));
    }

    private WorkerCredentials Start() => new(new CertificateStore(_store.Writer, _store.Reader.Path), _identity, _time);

    private async Task<JoinAnswer> JoinAsync(string name, string? secret)
    {
        using var request = new KeyRequest();
        return await _workers.JoinAsync(new JoinRequest(name, request.ToPem()), secret);
    }
}
