namespace SeqMnistSweep.Cli.Doctor;

internal enum Severity
{
    Ok,

    /// <summary>Works, but not as well as it might.</summary>
    Warn,

    /// <summary>Something will not work.</summary>
    Fail,
}

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at, as a word.</param>
/// <param name="Text">What is the case.</param>
/// <param name="Cure">The one command or step that mends it; null for what is well.</param>
internal sealed record Finding(string Check, Severity Severity, string Text, string? Cure = null)
{
    public static Finding Ok(string check, string text) => new(check, Severity.Ok, text);

    public static Finding Warn(string check, string text, string cure) => new(check, Severity.Warn, text, cure);

    public static Finding Fail(string check, string text, string cure) => new(check, Severity.Fail, text, cure);
}
