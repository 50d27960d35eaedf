namespace SeqMnistSweep.SweepFiles.Schema;

/// <summary>The form of a key's value.</summary>
public enum KeyForm
{
    /// <summary>One text, or one of <see cref="SweepKey.Choices"/>.</summary>
    Text,

    /// <summary>A whole number written without a point.</summary>
    Integer,

    /// <summary>Any finite number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>Text such as <c>1h30m</c>, or a number of seconds.</summary>
    Duration,

    /// <summary>Text such as <c>4GiB</c>, or a number of bytes.</summary>
    Size,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>A list of lists of texts.</summary>
    TextLists,

    /// <summary>Any value.</summary>
    Anything,

    /// <summary>A list of any values.</summary>
    AnythingList,

    /// <summary>A list of numbers.</summary>
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

    /// <summary>The largest integer it takes; beyond what its description says, for there is some end.</summary>
    public long? Maximum { get; init; }

    /// <summary>A number that the value must be above.</summary>
    public double? Above { get; init; }

    /// <summary>A key of W&amp;B without a meaning here: read, noted and ignored.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>The path of the mapping that it stands in; empty for the file itself.</summary>
    public string Parent => Path.Contains('.') ? Path[..Path.LastIndexOf('.')] : "";
}
