using SeqMnistSweep.Grains;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Results.Writing;

/// <summary>What people keep of a sweep, beside what its schedule writes.</summary>
public static class LabelWriter
{
    /// <summary>Changes the labels and says so in an event.</summary>
    /// <exception cref="DatabaseException">It could not be written.</exception>
    public static Task<LabelOutcome> LabelAsync(this ResultWriter writer, SweepId sweep, LabelRequest request, DateTimeOffset now) =>
        writer.EnqueueAsync(1, statements =>
        {
            var outcome = Apply(statements, sweep, request, now);
            return (outcome, Keep: outcome == LabelOutcome.Applied);
        });

    private static LabelOutcome Apply(Statements statements, SweepId sweep, LabelRequest request, DateTimeOffset now)
    {
        if (statements.Scalar("select tags from sweep where id = @id and deleted is null", ("id", sweep.Value)) is not string stored)
        {
            return LabelOutcome.Missing;
        }

        var tags = TagsJson.Read(stored).Except(request.RemoveTags).Union(request.AddTags).ToList();
        if (tags.Count > LabelRequest.MaxTags) return LabelOutcome.TooManyTags;

        var changed = statements.Execute(
            """
            update sweep
            set title = iif(@title is null, title, nullif(@title, '')), note = iif(@note is null, note, nullif(@note, '')), tags = @tags,
              archived = case @archived when 1 then coalesce(archived, @now) when 0 then null else archived end
            where id = @id and not (@archived is 1 and finished is null)
            """,
            ("id", sweep.Value), ("title", request.Title), ("note", request.Note), ("tags", TagsJson.Write(tags)),
            ("archived", request.Archived is { } archived ? archived ? 1L : 0L : null), ("now", Timestamp.Format(now)));
        if (changed == 0) return LabelOutcome.NotEnded;

        EventWriter.Add(
            statements, sweep, new SweepEvent(new Occurrence.SweepLabelled(), $"{request.What}: {request.Reason}", request.Actor, now));
        return LabelOutcome.Applied;
    }
}

/// <summary>What became of new labels.</summary>
public enum LabelOutcome
{
    /// <summary>They are on the disk.</summary>
    Applied,

    /// <summary>There is no such sweep.</summary>
    Missing,

    /// <summary>Only a sweep that has ended is archived.</summary>
    NotEnded,

    /// <summary>There would be more than <see cref="LabelRequest.MaxTags"/>.</summary>
    TooManyTags,
}
