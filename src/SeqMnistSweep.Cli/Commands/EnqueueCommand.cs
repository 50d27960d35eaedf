using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class EnqueueCommand : Verb
{
    private readonly Argument<string> _sweep = Reference.Sweep();
    private readonly Argument<string[]> _values = Positional<string[]>("values", "NAME=VALUE...",
        "parameters; those with one value or a default may be left out", ArgumentArity.OneOrMore);

    public EnqueueCommand(CommonOptions options)
        : base("enqueue", "ask for one configuration, before all others", "Sweeps",
            ("seqsweep enqueue tcn-7f3k lr=0.001 levels=8", "one trial per seed, next in line"))
    {
        this.Takes(_sweep, _values, options.Database, options.Head, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            var point = Point(parsed.GetValue(_values)!);
            await using var session = await options.OpenControlAsync(parsed, stop);
            var row = await SweepReference.ResolveAsync(session.Results, parsed.GetValue(_sweep), stop);
            var sweep = SweepId.Parse(row.Sweep);
            var trials = await session.SweepAsync(
                sweep, grain => grain.Enqueue(new EnqueueRequest(options.Action(parsed)) { Point = point }), stop);
            WriteTrials(options, parsed, sweep, trials);
            if (options.IsJson(parsed)) return;

            if (row.ReadDefinition()?.Space is { } space)
            {
                foreach (var unusual in EnqueuedPoint.Unusual(space, EnqueuedPoint.Read(space, point)))
                {
                    options.Context.Say($"note: {unusual}, and is tried all the same");
                }
            }

            options.Context.Say(
                $"next in line; what becomes of it: seqsweep show {new TrialId(sweep, trials[0])}{options.SourceArgument(parsed, session.Results)}");
        });
    }

    /// <summary>Trials that are put in line.</summary>
    internal static void WriteTrials(CommonOptions options, ParseResult parsed, SweepId sweep, IEnumerable<int> numbers)
    {
        var ids = numbers.Select(number => new TrialId(sweep, number).ToString()).ToList();
        if (options.IsJson(parsed))
        {
            options.WriteJson(
                parsed,
                new JsonObject { ["sweep"] = sweep.Value, ["trials"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) });
        }
        else
        {
            ids.ForEach(options.Context.Out.WriteLine);
        }
    }

    private static ImmutableSortedDictionary<string, string> Point(IEnumerable<string> values)
    {
        var point = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new CommandError(ExitCodes.Usage, $"'{value}' sets nothing", "write NAME=VALUE, for example lr=0.001");
            }

            if (!point.TryAdd(value[..equals], value[(equals + 1)..]))
            {
                throw new CommandError(ExitCodes.Usage, $"{value[..equals]} is set twice", "give each parameter one value");
            }
        }

        return point.ToImmutable();
    }
}
