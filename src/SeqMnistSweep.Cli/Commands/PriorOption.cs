using SeqMnistSweep.Methods;

namespace SeqMnistSweep.Cli.Commands;

/// <summary><c>--prior SWEEP</c> of <c>run</c> and <c>submit</c>.</summary>
internal sealed class PriorOption() : Option<string[]>("--prior")
{
    public static PriorOption Create() => new()
    {
        HelpName = "SWEEP",
        Description = "begin with what that sweep found (auto, bayes, tpe, gp): trusted as far as own results agree; may be repeated",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>The sweeps' ids.</summary>
    /// <exception cref="CommandError">There is no such sweep, or the method takes no prior.</exception>
    public async Task<ImmutableArray<string>> ReadAsync(
        ParseResult parsed, SweepDefinition definition, ResultSource results, CancellationToken stop)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        foreach (var reference in parsed.GetValue(this) ?? [])
        {
            if (SamplerCatalog.WhyNoPrior(definition) is { } reason)
            {
                throw new CommandError(ExitCodes.NotAllowed, $"--prior {reference}: {reason}");
            }

            ids.Add((await SweepReference.ResolveAsync(results, reference, stop)).Sweep);
        }

        return ids.ToImmutable();
    }
}
