using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>A value of a kind that the space has none of, as a text among numbers: a slip of the pen.</summary>
internal static class UnlikeKind
{
    /// <returns>Whether the value is of a kind that the parameter has; else the bag says so.</returns>
    public static bool Check(string name, Distribution distribution, FileNode node, DiagnosticBag bag)
    {
        if (node.ToValue() is not { } value || value.Kind == ParameterKind.Null) return true;

        var kinds = distribution.Ends.Select(end => Kind(end?.Kind ?? ParameterKind.Real)).Distinct().ToList();
        if (kinds.Contains(Kind(value.Kind)) || kinds is [ParameterKind.Null]) return true;

        bag.Error(DiagnosticCodes.NotAccepted, node.Span, $"{node.Kind} is not accepted: the space has other values of '{name}'",
            help: $"such as {distribution.At(0.5)}");
        return false;

        static ParameterKind Kind(ParameterKind kind) => kind == ParameterKind.Integer ? ParameterKind.Real : kind;
    }
}
