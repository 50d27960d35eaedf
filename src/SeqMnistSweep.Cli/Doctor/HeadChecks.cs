namespace SeqMnistSweep.Cli.Doctor;

/// <summary>The head that commands would use, and the ports that one here would take.</summary>
internal static class HeadChecks
{
    private static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(2);

    private static readonly (int Port, string Use, string Option)[] Ports =
        [(8080, "HTTP", "--http-port"), (11111, "silo", "--silo-port"), (30000, "gateway", "--gateway-port")];

    /// <param name="named">Whether somebody named this head; otherwise there need be none.</param>
    public static async Task<(IReadOnlyList<Finding> Findings, HeadInfo? Head)> HeadAsync(
        Uri address, bool named, Func<string, string?> variable, TimeProvider time, CancellationToken cancellation)
    {
        var where = address.GetLeftPart(UriPartial.Authority);
        using var client = HeadHttp.Create(variable);
        try
        {
            var before = time.GetUtcNow();
            var head = await HeadHttp.AskAsync(client, address, cancellation);
            var now = before + ((time.GetUtcNow() - before) / 2);
            return ([Version(head, address), Clock(head.Time - now), .. Trust(head)], head);
        }
        catch (HeadRefuses error)
        {
            return ([named ? Finding.Fail("head", error.Message, error.Hint!) : Finding.Warn("head", error.Message, error.Hint!)], null);
        }
        catch (HeadUnreachable error)
        {
            return named
                ? ([Finding.Fail("head", error.Message, "seqsweep head   (or name another with --head URL)")], null)
                : ([Finding.Ok("head", $"none at {where}; run needs none, submit does: seqsweep head")], null);
        }
    }

    /// <param name="head">The head that answered.</param>
    public static IEnumerable<Finding> PortsFree(Func<int, PortHolder?> holder, HeadInfo? head) =>
        Ports.Select(port => holder(port.Port) switch
    {
        null => Finding.Ok("port", $"{port.Port} ({port.Use}) is free"),
        { Pid: { } pid } when pid == head?.Pid => Finding.Ok("port", $"{port.Port} ({port.Use}) is the head's, pid {pid}"),
        { } other => Finding.Warn("port", $"{port.Port} ({port.Use}) is taken by {other}", $"seqsweep head {port.Option} N"),
    });

    internal static IEnumerable<Finding> Trust(HeadInfo head) => head.Insecure
        ? [
            Finding.Warn(
                "trust", "the head trusts its network: everybody who reaches it can steer it", "start head and workers without --insecure"),
        ]
        : [];

    internal static Finding Clock(TimeSpan skew)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{Math.Abs(skew.TotalSeconds):0.0} s {(skew < TimeSpan.Zero ? "behind" : "ahead of")} this one");
        return skew.Duration() > LargestSkew
            ? Finding.Warn(
                "clock", $"the head's clock is {text}: times in results are the head's", "timedatectl set-ntp true   (on both machines)")
            : Finding.Ok("clock", $"the head's clock is within {LargestSkew.TotalSeconds:0} s of this one");
    }

    private static Finding Version(HeadInfo head, Uri address)
    {
        try
        {
            head.RequireSameVersion(address);
            return Finding.Ok(
                "head",
                $"{address.GetLeftPart(UriPartial.Authority)} answers, version {head.Version}, start {head.HeadEpoch} on its database");
        }
        catch (CommandError error)
        {
            return Finding.Fail("head", error.Message, error.Hint!);
        }
    }
}
