using System.Net.Http.Json;
using System.Text.Json;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>What a head says of itself at <c>/api/v1/cluster</c>.</summary>
internal sealed record ClusterInfo
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required string Version { get; init; }

    public required string ClusterId { get; init; }

    public required string ServiceId { get; init; }

    public required string Gateway { get; init; }

    public required string Silo { get; init; }

    /// <summary><c>head</c>, or an outside table.</summary>
    public required string Membership { get; init; }

    public long HeadEpoch { get; init; }

    public DateTimeOffset Time { get; init; }

    public int Pid { get; init; }

    /// <exception cref="CommandError">No head answers there, or it is another version.</exception>
    public static async Task<ClusterInfo> FetchAsync(HttpClient client, Uri head, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(head, "api/v1/cluster"), cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw Unreachable(head, $"it answers {(int)answer.StatusCode}");
            }

            var info = await answer.Content.ReadFromJsonAsync<ClusterInfo>(Json, cancellation) ?? throw Unreachable(head, "its answer is empty");
            return info.Version == VersionCommand.Program ? info : throw Mismatch(head, info.Version);
        }
        catch (HttpRequestException error)
        {
            throw Unreachable(head, error.InnerException?.Message ?? error.Message);
        }
        catch (JsonException)
        {
            throw Unreachable(head, "what answers there is no head of seqsweep");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable(head, $"no answer in {client.Timeout.TotalSeconds:0.#} s");
        }
    }

    private static CommandError Unreachable(Uri head, string why) => new(
        ExitCodes.HeadUnreachable,
        $"no head answers at {head.GetLeftPart(UriPartial.Authority)}: {why}",
        "start one with: seqsweep head   (or name another with --head URL)");

    private static VersionMismatch Mismatch(Uri head, string version) => new(
        $"the head at {head.GetLeftPart(UriPartial.Authority)} is seqsweep {version}, this is {VersionCommand.Program}");

    /// <summary>Trying again does not help.</summary>
    internal sealed class VersionMismatch(string message)
        : CommandError(ExitCodes.HeadUnreachable, message, "install the same version on both; an older head is upgraded first");
}
