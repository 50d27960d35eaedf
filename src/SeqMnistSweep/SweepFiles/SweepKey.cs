using System.Collections.Immutable;

namespace SeqMnistSweep.SweepFiles;

/// <summary>The form of a key's value.</summary>
public enum KeyForm
{
    Text,
    Integer,
    Number,
    Boolean,

    /// <summary>Text such as <c>1h30m</c>, or a number of seconds.</summary>
    Duration,

    /// <summary>Text such as <c>4GiB</c>, or a number of bytes.</summary>
    Size,

    Texts,
    TextLists,
    Anything,
    AnythingList,
    Numbers,

    /// <summary>A mapping with the keys below this one.</summary>
    Section,

    /// <summary>A list of such mappings.</summary>
    Sections,

    /// <summary>A mapping with names of the user's; what is below <c>*</c> says what each holds.</summary>
    Named,

    /// <summary>A list of mappings with names of the user's.</summary>
    NamedList,
}

/// <summary>One key of the sweep file.</summary>
/// <param name="Path">With dots; <c>*</c> stands for a name that the user chooses: <c>parameters.*.min</c>.</param>
/// <param name="Default">As it would be written, or a phrase; null when there is none.</param>
/// <param name="Example">One line of YAML.</param>
public sealed record SweepKey(string Path, KeyForm Form, string Type, string? Default, string Description, string Example)
{
    /// <summary>The values it takes, when they are few.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>The smallest number it takes.</summary>
    public double? Minimum { get; init; }

    /// <summary>A number that the value must be above.</summary>
    public double? Above { get; init; }

    /// <summary>A key of W&amp;B without a meaning here: read, noted and ignored.</summary>
    public bool IsIgnored { get; init; }

    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>The path of the mapping that it stands in; empty for the file itself.</summary>
    public string Parent => Path.Contains('.') ? Path[..Path.LastIndexOf('.')] : "";
}
