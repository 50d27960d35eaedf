namespace SeqMnistSweep.Files;

/// <summary>Where a user's files belong, by the XDG base directory specification.</summary>
public static class UserFolders
{
    /// <summary>XDG_CACHE_HOME, else ~/.cache; null when neither is known. A relative XDG_CACHE_HOME is ignored, as specified.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    public static string? Cache(Func<string, string?> variable) =>
        variable("XDG_CACHE_HOME") is { } cache && Path.IsPathFullyQualified(cache) ? cache
        : variable("HOME") is { } home && Path.IsPathFullyQualified(home) ? Path.Combine(home, ".cache")
        : null;

    /// <summary>XDG_STATE_HOME, else ~/.local/state; null when neither is known. A relative XDG_STATE_HOME is ignored, as specified.</summary>
    /// <inheritdoc cref="Cache"/>
    public static string? State(Func<string, string?> variable) =>
        variable("XDG_STATE_HOME") is { } state && Path.IsPathFullyQualified(state) ? state
        : variable("HOME") is { } home && Path.IsPathFullyQualified(home) ? Path.Combine(home, ".local", "state")
        : null;

    /// <summary>XDG_CONFIG_HOME, else ~/.config; null when neither is known. A relative XDG_CONFIG_HOME is ignored, as specified.</summary>
    /// <inheritdoc cref="Cache"/>
    public static string? Config(Func<string, string?> variable) =>
        variable("XDG_CONFIG_HOME") is { } config && Path.IsPathFullyQualified(config) ? config
        : variable("HOME") is { } home && Path.IsPathFullyQualified(home) ? Path.Combine(home, ".config")
        : null;
}
