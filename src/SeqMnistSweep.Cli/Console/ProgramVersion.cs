using System.Reflection;

namespace SeqMnistSweep.Cli.Console;

/// <summary>Which build of the program this is.</summary>
internal static class ProgramVersion
{
    /// <summary>The version without the commit.</summary>
    public static string Number => Informational.Split('+')[0];

    /// <summary>The commit that it was built from; null when that is not known.</summary>
    public static string? Commit => Informational.Split('+') is [_, var commit] ? commit : null;

    private static string Informational =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
