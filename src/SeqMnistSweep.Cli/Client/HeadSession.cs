using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Client;

/// <summary>One command's conversation with a head: its grains, its results, and what goes wrong as the command's error.</summary>
internal sealed class HeadSession : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a head that is still starting may take until its grains can be called.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly CommandContext _context;
    private readonly Uri _address;
    private readonly bool _reads;
    private IHeadLink? _link;

    private HeadSession(HttpClient client, Uri address, CommandContext context, bool reads, ResultSource? results = null)
    {
        (_client, _address, _context, _reads) = (client, address, context, reads);
        Results = results ?? new HeadResults(client, address);
    }

    public ResultSource Results { get; }

    /// <summary>Whether the head trusts its network; false for one within this process.</summary>
    public bool IsInsecure { get; private set; }

    /// <summary>Whether the head is within this process, and ends with it.</summary>
    public bool IsLocal => Results is FileResults;

    /// <summary>Who asks, for the event log.</summary>
    public static string By => $"{Environment.UserName}@{Environment.MachineName}";

    /// <param name="reads">Whether the command changes nothing.</param>
    /// <exception cref="CommandError">No head answers there, or one of another version.</exception>
    public static async Task<HeadSession> OpenAsync(
        Uri address, CommandContext context, CancellationToken cancellation, bool reads = false)
    {
        var session = new HeadSession(HeadHttp.Create(context.Variable), address, context, reads);
        try
        {
            await session.ConnectAsync(cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>With a head within this process.</summary>
    /// <param name="link">Is disposed with the session.</param>
    public static HeadSession Of(IHeadLink link, string database, CommandContext context) =>
        new(
            HeadHttp.Create(context.Variable), new Uri("file://" + database), context, reads: false,
            new FileResults(new ResultReader(database), context.Time))
        {
            _link = link,
        };

    /// <summary>The one sweep that a reference means; null where it means none or several, or the head leaves that to its
    /// results.</summary>
    public async Task<FoundSweep?> FindAsync(string reference, CancellationToken cancellation) =>
        !IsLocal && await HeadAsync(head => head.FindSweeps(reference), cancellation) is [var only] ? only : null;

    /// <summary>Calls the head's grain.</summary>
    /// <exception cref="CommandError">The head refuses (exit code <paramref name="refused"/>), or does not answer.</exception>
    public Task<T> HeadAsync<T>(Func<IHeadGrain, Task<T>> call, CancellationToken cancellation, int refused = ExitCodes.NotAllowed) =>
        CallAsync(link => link.Head, call, refused, cancellation);

    /// <summary>Calls a sweep's grain.</summary>
    /// <exception cref="CommandError">The sweep refuses, or its head does not answer.</exception>
    public Task<T> SweepAsync<T>(SweepId sweep, Func<ISweepGrain, Task<T>> call, CancellationToken cancellation) =>
        CallAsync(link => link.Sweep(sweep), call, ExitCodes.NotAllowed, cancellation);

    public async Task HeadAsync(Func<IHeadGrain, Task> call, CancellationToken cancellation) =>
        await HeadAsync(async head => { await call(head); return true; }, cancellation);

    public async Task SweepAsync(SweepId sweep, Func<ISweepGrain, Task> call, CancellationToken cancellation) =>
        await SweepAsync(sweep, async grain => { await call(grain); return true; }, cancellation);

    /// <summary>Connects anew: a head that was started again may be elsewhere.</summary>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        await DropAsync();
        var info = (OwnGateway() ?? await HeadHttp.AskAsync(_client, _address, cancellation)).RequireSameVersion(_address);
        IsInsecure = info.Insecure;
        try
        {
            _link = _reads ? _context.ConnectToRead(_client, _address)
                : await IsForGatewayAsync(info, cancellation)
                ? await _context.Connect(info, new HeadContact(_address, _client, _context.Variable), _context.Time, cancellation)
                : new HttpLink(_client, _address);
        }
        catch (Exception error) when (error is not OperationCanceledException and not CommandError)
        {
            throw Silent($"its gateway {info.Gateway} cannot be reached: {error.Message}");
        }
    }

    /// <summary>What the file of this account's own head says: HTTP need not be asked then, which takes a third of a command's
    /// time.</summary>
    private HeadInfo? OwnGateway() =>
        !_reads && !HeadCredential.IsSet(_context.Variable)
            && HeadCredential.OwnHead(_address, _context.Variable) is { Gateway: { } gateway, Version: { } version } file
            ? new HeadInfo(
                version, HeadAddresses.Protocol, HeadAddresses.ClusterId, HeadAddresses.ServiceId, file.Url, null, gateway.Address, "", 0,
                default, file.Pid)
            : null;

    /// <summary>The gateway opens to operators and admins; the head's own account is one.</summary>
    private async Task<bool> IsForGatewayAsync(HeadInfo info, CancellationToken cancellation) => info.Gateway is not null
        && (HeadCredential.OwnHead(_address, _context.Variable) is not null && !HeadCredential.IsSet(_context.Variable)
            || (await HeadHttp.GetAsync<CallerInfo>(_client, _address, "me", cancellation)).Role >= Role.Operator);

    /// <summary>Connects anew if a head answers; if none does, the next call says so.</summary>
    public async Task TryConnectAsync(CancellationToken cancellation)
    {
        try
        {
            await ConnectAsync(cancellation);
        }
        catch (HeadUnreachable)
        {
            // As said.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        _client.Dispose();
    }

    private async Task DropAsync()
    {
        if (_link is { } link)
        {
            _link = null;
            await link.DisposeAsync();
        }
    }

    private async Task<T> CallAsync<TGrain, T>(
        Func<IHeadLink, TGrain> find, Func<TGrain, Task<T>> call, int refused, CancellationToken cancellation)
    {
        var grain = await FindAsync(find, cancellation);
        if (!IsLocal && HeadCredential.Find(_address, _context.Variable) is { } credential)
        {
            RequestContext.Set(CallerToken.Name, credential.Token);
        }

        try
        {
            return await call(grain);
        }
        catch (SweepRefusedException error)
        {
            throw new CommandError(refused, error.Message);
        }
        catch (TimeoutException)
        {
            throw Silent("it does not answer in time");
        }
        catch (Exception error) when (error is OrleansException or ObjectDisposedException)
        {
            throw Silent(error.Message);
        }
    }

    /// <summary>Orleans says by an <see cref="ArgumentException"/> that no silo which hosts the interface is active yet.</summary>
    private async Task<TGrain> FindAsync<TGrain>(Func<IHeadLink, TGrain> find, CancellationToken cancellation)
    {
        var start = _context.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return find(_link ?? throw Silent("the connection is lost"));
            }
            catch (ArgumentException) when (_context.Time.GetElapsedTime(start) < StartPatience)
            {
                await Task.Delay(RetryDelay, _context.Time, cancellation);
            }
            catch (Exception error) when (error is ArgumentException or OrleansException or ObjectDisposedException)
            {
                throw Silent(error is ArgumentException ? "it is still starting" : error.Message);
            }
        }
    }

    private HeadUnreachable Silent(string why) => new(_address, why);
}
