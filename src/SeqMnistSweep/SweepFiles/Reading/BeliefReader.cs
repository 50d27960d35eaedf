using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>The <c>prior</c> of a parameter.</summary>
internal static class BeliefReader
{
    /// <returns>Null where there is none, or something is wrong, which is in the bag then.</returns>
    public static ParameterBelief? Read(Section parameter, string name, Distribution distribution, DiagnosticBag bag)
    {
        if (parameter.Node("prior") is not { } node
            || Section.Open(node, $"{SweepKeys.Parameter}.prior", bag, $"{name}.prior") is not { } section)
        {
            return null;
        }

        var confidence = section.Choice("confidence") switch
        {
            "low" => BeliefConfidence.Low,
            "high" => BeliefConfidence.High,
            _ => BeliefConfidence.Medium,
        };
        if (section.Node("centre") is not { } written)
        {
            bag.Error(DiagnosticCodes.Missing, section.Span, $"the prior of '{name}' lacks 'centre'",
                help: $"prior: {{centre: {distribution.At(0.5)}}}");
            return null;
        }

        if (!UnlikeKind.Check(name, distribution, written, bag)) return null;

        if (written.ToValue() is { } centre && Holds(distribution, centre)) return new ParameterBelief(centre, confidence);

        bag.Error(DiagnosticCodes.OutOfRange, written.Span,
            $"the centre {(written as FileScalar)?.Text ?? written.Kind} of the prior of '{name}' is none of its values",
            help: distribution.Listed.IsDefault
                ? $"it goes from {End(distribution.Ends.First())} to {End(distribution.Ends.Last())}"
                : $"it is one of {string.Join(", ", distribution.Listed)}");
        return null;

        static string End(ParameterValue? end) => end?.ToString() ?? "infinity";
    }

    private static bool Holds(Distribution distribution, ParameterValue centre)
    {
        if (!distribution.Listed.IsDefault) return distribution.Listed.Contains(centre);

        var ends = distribution.Ends.ToList();
        return centre.IsNumber && !(ends[0]?.AsReal() > centre.AsReal()) && !(ends[^1]?.AsReal() < centre.AsReal());
    }
}
