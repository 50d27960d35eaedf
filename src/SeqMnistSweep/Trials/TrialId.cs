using System.Diagnostics.CodeAnalysis;

namespace SeqMnistSweep.Trials;

/// <summary>A trial's id, written <c>SWEEP/17</c>; numbers count from 1 within a sweep.</summary>
public readonly record struct TrialId
{
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is below 1.</exception>
    public TrialId(SweepId sweep, int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        Sweep = sweep;
        Number = number;
    }

    /// <summary>Whose trial it is.</summary>
    public SweepId Sweep { get; }

    /// <summary>Counted from 1 within the sweep.</summary>
    public int Number { get; }

    /// <exception cref="FormatException"><paramref name="text"/> is no trial id.</exception>
    public static TrialId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no trial id; one looks like tcn-pmnist-7f3k/17");

    /// <summary>False for a text that is no id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TrialId id)
    {
        id = default;
        var slash = text?.LastIndexOf('/') ?? -1;
        if (slash <= 0
            || !SweepId.TryParse(text![..slash], out var sweep)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1)
        {
            return false;
        }

        id = new TrialId(sweep, number);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sweep}/{Number}");
}

/// <summary>The wire form of a <see cref="TrialId"/>.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.TrialId")]
public struct TrialIdSurrogate
{
    /// <summary>Whose trial it is.</summary>
    [Id(0)]
    public SweepId Sweep { get; set; }

    /// <summary>Counted from 1 within the sweep.</summary>
    [Id(1)]
    public int Number { get; set; }
}

/// <summary>Refuses what is no id.</summary>
[RegisterConverter]
public sealed class TrialIdConverter : IConverter<TrialId, TrialIdSurrogate>
{
    /// <inheritdoc/>
    public TrialId ConvertFromSurrogate(in TrialIdSurrogate surrogate) =>
        new(SweepId.Parse(surrogate.Sweep.Value), surrogate.Number);

    /// <inheritdoc/>
    public TrialIdSurrogate ConvertToSurrogate(in TrialId value) => new() { Sweep = value.Sweep, Number = value.Number };
}
