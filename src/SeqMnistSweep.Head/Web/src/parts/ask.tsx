import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Refusal } from "../api";
import { useMayAct } from "../caller";
import { isReport } from "../report/report";
import { Trouble } from "./basics";

/** A button that asks for a reason, says what will happen, and shows what the head says to it. */
export function Ask({
  label,
  title,
  what,
  path,
  danger,
  body,
  disabled,
  does = label,
  kept = "the event log",
  onDone,
}: {
  label: string;
  title: string;
  what: string;
  path: string;
  danger?: boolean;
  body?: Record<string, unknown>;
  disabled?: boolean;
  /** What the button says that does it. */
  does?: string;
  /** Where the reason stands. */
  kept?: string;
  onDone?: () => void;
}) {
  const mayAct = useMayAct();
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refusal | null>(null);

  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  const ask = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await post(path, { ...body, reason: reason || "asked from the dashboard", by: "dashboard" });
      setOpen(false);
      setReason("");
      onDone?.();
    } catch (refusal) {
      setError(refusal as Refusal);
    } finally {
      setBusy(false);
    }
  };

  if (isReport || !mayAct) return null;
  return (
    <>
      <button type="button" class={danger ? "danger" : ""} disabled={disabled} onClick={() => setOpen(true)}>
        {label}
      </button>
      <dialog ref={dialog} onClose={() => setOpen(false)} aria-label={title}>
        {open ? (
          <form onSubmit={ask}>
            <h2>{title}</h2>
            <p>{what}</p>
            <label>
              Why <span class="dim">(stands in {kept})</span>
              <input type="text" value={reason} maxLength={200} onInput={(event) => setReason(event.currentTarget.value)} />
            </label>
            {error ? <Trouble error={error} /> : null}
            <div class="buttons">
              <button type="button" onClick={() => setOpen(false)}>
                Back
              </button>
              <button type="submit" class={danger ? "danger" : "primary"} disabled={busy}>
                {busy ? "Asking …" : does}
              </button>
            </div>
          </form>
        ) : null}
      </dialog>
    </>
  );
}
