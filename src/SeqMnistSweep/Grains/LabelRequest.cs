using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Grains;

/// <summary>What people keep of a sweep, and no search depends on. Null leaves a label as it is; an empty text takes it away.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.LabelRequest")]
public sealed record LabelRequest : SweepAction
{
    /// <summary>Tags of one sweep.</summary>
    public const int MaxTags = 100;

    /// <summary>Without a name or a reason.</summary>
    public LabelRequest()
    {
    }

    /// <summary>Who asks and why.</summary>
    public LabelRequest(SweepAction action)
        : base(action)
    {
    }

    /// <summary>What it is called; its id stays.</summary>
    [Id(0)] public string? Title { get; init; }

    /// <summary>What is to be remembered of it; it may have lines.</summary>
    [Id(1)] public string? Note { get; init; }

    /// <summary>Tags that it gets.</summary>
    [Id(2)] public ImmutableArray<string> AddTags { get; init; } = [];

    /// <summary>Tags that it loses.</summary>
    [Id(3)] public ImmutableArray<string> RemoveTags { get; init; } = [];

    /// <summary>Whether lists leave it out; only a sweep that has ended can be put away.</summary>
    [Id(4)] public bool? Archived { get; init; }

    /// <summary>What is changed, for a person.</summary>
    public string What => string.Join(", ", new[]
    {
        Title is null ? null : Title.Length == 0 ? "no title" : $"title \"{Title}\"",
        Note is null ? null : Note.Length == 0 ? "no note" : "a note",
        AddTags.IsEmpty ? null : $"tagged {string.Join(", ", AddTags)}",
        RemoveTags.IsEmpty ? null : $"no longer tagged {string.Join(", ", RemoveTags)}",
        Archived is not { } archived ? null : archived ? "archived" : "no longer archived",
    }.OfType<string>());

    /// <inheritdoc/>
    public override string? Problem() => base.Problem()
        ?? (AddTags.IsDefault || RemoveTags.IsDefault ? "'add_tags' and 'remove_tags' are lists"
            : Title is not { Length: > 0 } ? null : OutsideText.NameProblem("title", Title))
        ?? OutsideText.SentenceProblem("note", Note)
        ?? OutsideText.NamesProblem("add_tags", AddTags)
        ?? OutsideText.NamesProblem("remove_tags", RemoveTags)
        ?? (What.Length == 0 ? "nothing is named that should be changed" : null);
}

/// <summary>How far the deletion of a sweep is.</summary>
/// <param name="Removed">Whether everything is gone; else the rest goes in the background, and after a restart.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.DeleteReply")]
public sealed record DeleteReply([property: Id(0)] bool Removed);
