namespace SeqMnistSweep.Scheduling;

/// <summary>Who did something: the name that their credential has, and what they say of themselves. The rules pass it on as one
/// text.</summary>
public static class Actor
{
    /// <summary>No text from outside has it.</summary>
    private const char Separator = '\u001f';

    /// <summary>One text of both.</summary>
    /// <param name="said">Null where they say nothing.</param>
    public static string Of(string name, string? said) => said is null or "" || said == name ? name : $"{name}{Separator}{said}";

    /// <summary>For people: what somebody says of themselves only where it is more than their name and a machine.</summary>
    public static string ToText(string name, string? said) =>
        said is null || said.StartsWith(name + "@", StringComparison.Ordinal) ? name : $"{name} (says {said})";

    /// <summary>Both out of one text.</summary>
    public static (string Name, string? Said) Split(string actor) =>
        actor.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var at ? (actor[..at], actor[(at + 1)..]) : (actor, null);
}
