using System.Text.Json;
using System.Text.Json.Serialization;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Security;

/// <summary>What a head tells the programs of its own account on its own machine, in a file that nobody else can read.</summary>
/// <param name="Url">HTTP, as it is reached on this machine.</param>
/// <param name="AdminToken">Bearer of HTTP, known to no other start of the head.</param>
/// <param name="Pid">Of the head.</param>
public sealed record HeadFile(string Url, string AdminToken, int Pid)
{
    /// <summary>The file of its database, without links on the way.</summary>
    public string? Database { get; init; }

    /// <summary>The program's version; null where nobody said.</summary>
    public string? Version { get; init; }

    /// <summary>Where the head runs: homes may be shared between machines.</summary>
    public string Machine { get; init; } = Environment.MachineName;

    /// <summary>How its gateway is reached; null where it has none, as a <c>run</c>.</summary>
    public HeadGateway? Gateway { get; init; }

    private const string Suffix = ".json";

    private static readonly HeadFileJson Json = new(new JsonSerializerOptions(JsonPolicy.Indented)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });

    /// <summary>Where the file of the head at a port is looked for, the best place first: none where no home is known.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <param name="machine">Homes may be shared between machines.</param>
    public static IReadOnlyList<string> PathsOf(int port, Func<string, string?> variable, string machine)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{port}{Suffix}");
        return [.. PlacesOf(variable, machine).Select(place => Path.Combine(place.Folder, place.Prefix + name))];
    }

    /// <summary>The files of all living heads and runs of this account on this machine.</summary>
    /// <inheritdoc cref="PathsOf" path="/param"/>
    public static IEnumerable<HeadFile> All(Func<string, string?> variable, string machine) => PlacesOf(variable, machine)
        .SelectMany(Files).Select(path => Find([path])).OfType<HeadFile>();

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
                DeleteLeft(Path.GetDirectoryName(path)!);
                PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, Json.HeadFile));
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

    private static IEnumerable<(string Folder, string Prefix)> PlacesOf(Func<string, string?> variable, string machine)
    {
        if (variable("XDG_RUNTIME_DIR") is { } runtime && Path.IsPathFullyQualified(runtime))
        {
            yield return (Path.Combine(runtime, "seqsweep"), "");
        }

        if (UserFolders.State(variable) is { } state)
        {
            yield return (Path.Combine(state, "seqsweep", "run"), machine + "-");
        }
    }

    private static IEnumerable<string> Files((string Folder, string Prefix) place) =>
        Directory.Exists(place.Folder) ? Directory.EnumerateFiles(place.Folder, $"{place.Prefix}*{Suffix}") : [];

    /// <summary>A run that is killed leaves its file, and the next one has another port.</summary>
    private static void DeleteLeft(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Suffix))
        {
            if (TryRead(path) is { } file && file.Machine == Environment.MachineName && !PrivateFile.IsOwnProcess(file.Pid))
            {
                File.Delete(path);
            }
        }
    }

    private static HeadFile? TryRead(string path)
    {
        try
        {
            return PrivateFile.TryRead(path) is { } content ? JsonSerializer.Deserialize(content, Json.HeadFile) : null;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            return null;
        }
    }
}

/// <summary>The gateway of a head, with what opens it.</summary>
/// <param name="Address">Address and port.</param>
/// <param name="Ca">The cluster's authority in PEM.</param>
/// <param name="CaSha256">As <see cref="ClusterCertificate.PinOf"/> gives it.</param>
/// <param name="ClientCertificate">PEM with its key, of an admin.</param>
public sealed record HeadGateway(string Address, string Ca, string CaSha256, string ClientCertificate)
{
    /// <summary>Without what is secret.</summary>
    public override string ToString() => Address;
}

/// <summary>The file's shape, described when this is compiled: every command reads the file.</summary>
[JsonSerializable(typeof(HeadFile))]
internal sealed partial class HeadFileJson : JsonSerializerContext;
