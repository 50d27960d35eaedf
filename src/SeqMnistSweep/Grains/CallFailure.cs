using System.Text.RegularExpressions;

namespace SeqMnistSweep.Grains;

/// <summary>Why a grain's call failed, in one line for a person: Orleans puts names of types and whole stack traces into its
/// messages.</summary>
public static partial class CallFailure
{
    /// <summary>The first line of the innermost cause, without names of types.</summary>
    public static string Line(Exception error)
    {
        // Orleans itself throws this while no silo in the cluster hosts the grain.
        if (error is ArgumentException { Source: { } thrower } && thrower.StartsWith("Orleans", StringComparison.Ordinal))
        {
            return "it is not in the cluster yet";
        }

        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        // Its message is the address of a call.
        if (error is TimeoutException) return "no answer in time";

        var line = error.Message.ReplaceLineEndings("\n").Split('\n', 2)[0];
        line = line[(TypeName().Matches(line) is [.., var last] ? last.Index + last.Length : 0)..];
        return line.Replace("See InnerException", "", StringComparison.Ordinal).Trim().TrimEnd('.', ':') is { Length: > 0 } said
            ? said
            : "it gave no reason";
    }

    [GeneratedRegex(@"[A-Za-z_][\w.]*Exception(?: \(\w+\))?: ")]
    private static partial Regex TypeName();
}
