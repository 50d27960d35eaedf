using System.Text.Json;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Security;

/// <summary>What a head tells the programs of its own account on its own machine, in a file that nobody else can read.</summary>
/// <param name="Url">HTTP, as it is reached on this machine.</param>
/// <param name="Gateway">Address and port.</param>
/// <param name="Ca">The cluster's authority in PEM.</param>
/// <param name="CaSha256">As <see cref="ClusterCertificate.PinOf"/> gives it.</param>
/// <param name="AdminToken">Bearer of HTTP, known to no other start of the head.</param>
/// <param name="ClientCertificate">PEM with its key, of an admin.</param>
/// <param name="Pid">Of the head.</param>
public sealed record HeadFile(
    string Url, string Gateway, string Ca, string CaSha256, string AdminToken, string ClientCertificate, int Pid)
{
    private static readonly JsonSerializerOptions Json = new(JsonPolicy.Indented)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Where the file of the head at a port is looked for, the best place first: none where no home is known.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <param name="machine">Homes may be shared between machines.</param>
    public static IReadOnlyList<string> PathsOf(int port, Func<string, string?> variable, string machine)
    {
        var paths = new List<string>();
        if (variable("XDG_RUNTIME_DIR") is { } runtime && Path.IsPathFullyQualified(runtime))
        {
            paths.Add(Path.Combine(runtime, "seqsweep", string.Create(CultureInfo.InvariantCulture, $"{port}.json")));
        }

        if (UserFolders.State(variable) is { } state)
        {
            paths.Add(Path.Combine(state, "seqsweep", "run", string.Create(CultureInfo.InvariantCulture, $"{machine}-{port}.json")));
        }

        return paths;
    }

    /// <summary>Writes the file in the first place that can be written, over an older one.</summary>
    /// <returns>Where.</returns>
    /// <exception cref="IOException">No place can be written, or none is known.</exception>
    public string Write(IReadOnlyList<string> paths)
    {
        Exception? cause = null;
        foreach (var path in paths)
        {
            try
            {
                PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
                PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, Json));
                return path;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                cause = error;
            }
        }

        throw new IOException(cause?.Message ?? "neither XDG_RUNTIME_DIR, XDG_STATE_HOME nor HOME is set", cause);
    }

    /// <summary>The file of a living head of this account.</summary>
    /// <returns>Null where there is none to be believed.</returns>
    public static HeadFile? Find(IReadOnlyList<string> paths) =>
        paths.Select(TryRead).FirstOrDefault(file => file is not null && PrivateFile.IsOwnProcess(file.Pid));

    /// <summary>Without what is secret.</summary>
    public override string ToString() => $"{Url} (process {Pid})";

    private static HeadFile? TryRead(string path)
    {
        try
        {
            return PrivateFile.TryRead(path) is { } content ? JsonSerializer.Deserialize<HeadFile>(content, Json) : null;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            return null;
        }
    }
}
