import { useState } from "preact/hooks";
import { post, type SweepRow } from "../api";
import { tagsOf } from "../format";
import { DialogForm } from "./dialog";

export const Tags = ({ of, onTag }: { of: string[]; onTag?: (tag: string) => void }) => (
  <>
    {of.map((tag) =>
      onTag ? (
        <button type="button" class="tag" key={tag} title={`find ${tag}`} onClick={() => onTag(tag)}>
          {tag}
        </button>
      ) : (
        <span class="tag" key={tag}>
          {tag}
        </span>
      ),
    )}
  </>
);

/** What people keep of a sweep, where one looks. */
export const Labels = ({ of }: { of: SweepRow }) =>
  of.description || of.note || of.archived || tagsOf(of).length ? (
    <div class="labels">
      {of.archived ? <span class="tag">archived</span> : null}
      <Tags of={tagsOf(of)} />
      {of.description ? <span>{of.description}</span> : null}
      {of.note ? <p class="note">{of.note}</p> : null}
    </div>
  ) : null;

/** Title, tags and note, to be changed. */
export function EditLabels({ of }: { of: SweepRow }) {
  const [title, setTitle] = useState("");
  const [tags, setTags] = useState("");
  const [note, setNote] = useState("");
  const begin = () => {
    setTitle(of.title ?? "");
    setTags(tagsOf(of).join(", "));
    setNote(of.note ?? "");
  };
  const save = async () => {
    const [before, after] = [
      tagsOf(of),
      tags
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean),
    ];
    const changes = {
      ...(title.trim() === (of.title ?? "") ? {} : { title: title.trim() }),
      ...(note.trim() === (of.note ?? "") ? {} : { note: note.trim() }),
      add_tags: after.filter((tag) => !before.includes(tag)),
      remove_tags: before.filter((tag) => !after.includes(tag)),
    };
    if ("title" in changes || "note" in changes || changes.add_tags.length + changes.remove_tags.length > 0)
      await post(`sweeps/${of.sweep}/label`, { ...changes, reason: "on the dashboard", by: "dashboard" });
  };
  return (
    <DialogForm
      label="Title, tags, note"
      title="Title, tags and note"
      heading={`What is kept of ${of.sweep}`}
      does="Keep"
      onOpen={begin}
      send={save}
    >
      <label>
        Title <span class="dim">(its id stays)</span>
        <input type="text" value={title} maxLength={100} onInput={(event) => setTitle(event.currentTarget.value)} />
      </label>
      <label>
        Tags <span class="dim">(with commas)</span>
        <input type="text" value={tags} onInput={(event) => setTags(event.currentTarget.value)} />
      </label>
      <label>
        Note
        <textarea rows={5} value={note} maxLength={4000} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
    </DialogForm>
  );
}
