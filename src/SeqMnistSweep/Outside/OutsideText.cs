namespace SeqMnistSweep.Outside;

/// <summary>What a text may be that comes from outside, from a request, a program or a worker: how long, and how it is shown. One rule for
/// every border.</summary>
public static class OutsideText
{
    /// <summary>Characters of a name: who asks, a key, a tag, a metric.</summary>
    public const int MaxName = 100;

    /// <summary>Characters of a sentence: a reason, a message.</summary>
    public const int MaxSentence = 4000;

    /// <summary>Entries of a list or map of names.</summary>
    public const int MaxNames = 1000;

    private const string Cut = " ...";

    /// <summary>Whether a text can be a name: not empty, not too long, on one line.</summary>
    public static bool IsName(string? text, int max = MaxName) => text?.Length > 0 && text.Length <= max && !text.Any(Steers);

    /// <summary>Why a text cannot be a name; null where it can.</summary>
    /// <param name="what">What it is, as the sender calls it.</param>
    public static string? NameProblem(string what, string? text, int max = MaxName) => IsName(text, max)
        ? null
        : $"'{what}' has 1 to {max} characters and no control characters{(text?.Length > max ? $"; this has {text.Length}" : "")}";

    /// <summary>Why a list cannot be one of names; null where it can.</summary>
    /// <inheritdoc cref="NameProblem" path="/param"/>
    public static string? NamesProblem(string what, IReadOnlyCollection<string?> names, int max = MaxName) =>
        names.Count > MaxNames ? $"'{what}' has at most {MaxNames} entries, not {names.Count}"
        : names.Select(name => NameProblem(what, name, max)).FirstOrDefault(problem => problem is not null);

    /// <summary>Why a text is too long for a sentence; null where it is not. It may have lines.</summary>
    /// <inheritdoc cref="NameProblem" path="/param"/>
    public static string? SentenceProblem(string what, string? text) => text?.Length > MaxSentence
        ? $"'{what}' has at most {MaxSentence} characters; this has {text.Length}"
        : null;

    /// <summary>What is kept of a name that nobody can be asked for again.</summary>
    public static string Name(string? text) => Shorten(OnOneLine(text ?? ""), MaxName);

    /// <summary>What is kept of a sentence that nobody can be asked for again. It may have lines.</summary>
    public static string Sentence(string? text) => Shorten(text ?? "", MaxSentence);

    /// <summary>A text as it is shown or logged: on one line, and without characters that steer a terminal or turn its text
    /// around.</summary>
    public static string OnOneLine(string text) =>
        text.Any(Steers) ? string.Concat(text.Select(letter => Steers(letter) ? ' ' : letter)) : text;

    /// <summary>The beginning of a text that is longer than it may be, with a mark that it is cut.</summary>
    public static string Shorten(string text, int max) => text.Length <= max ? text : text[..(max - Cut.Length)] + Cut;

    /// <summary>Whether a terminal or a reader is led by the character rather than shown it.</summary>
    public static bool Steers(char letter) => char.IsControl(letter)
        || letter is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F';
}
