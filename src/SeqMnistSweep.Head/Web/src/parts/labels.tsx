import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Refusal, type SweepRow } from "../api";
import { useMayAct } from "../caller";
import { tagsOf } from "../format";
import { isReport } from "../report/report";
import { Trouble } from "./basics";

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
  const mayAct = useMayAct();
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const [error, setError] = useState<Refusal | null>(null);
  const [title, setTitle] = useState("");
  const [tags, setTags] = useState("");
  const [note, setNote] = useState("");
  useEffect(() => {
    if (open) {
      setTitle(of.title ?? "");
      setTags(tagsOf(of).join(", "));
      setNote(of.note ?? "");
      setError(null);
      dialog.current?.showModal();
    } else dialog.current?.close();
  }, [open]);
  if (isReport || !mayAct) return null;
  const save = async (event: Event) => {
    event.preventDefault();
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
    try {
      if ("title" in changes || "note" in changes || changes.add_tags.length + changes.remove_tags.length > 0)
        await post(`sweeps/${of.sweep}/label`, { ...changes, reason: "on the dashboard", by: "dashboard" });
      setOpen(false);
    } catch (refusal) {
      setError(refusal as Refusal);
    }
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Title, tags, note
      </button>
      <dialog ref={dialog} onClose={() => setOpen(false)} aria-label="Title, tags and note">
        {open ? (
          <form onSubmit={save}>
            <h2>What is kept of {of.sweep}</h2>
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
            {error ? <Trouble error={error} /> : null}
            <div class="buttons">
              <button type="button" onClick={() => setOpen(false)}>
                Back
              </button>
              <button type="submit" class="primary">
                Keep
              </button>
            </div>
          </form>
        ) : null}
      </dialog>
    </>
  );
}
