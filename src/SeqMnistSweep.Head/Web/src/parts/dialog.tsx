import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Refusal } from "../api";
import { useMayAct } from "../caller";
import { isReport } from "../report/report";
import { Trouble } from "./basics";

/** A button that opens a form, for who may act; the form shows what the head says to it. */
export function DialogForm({
  label,
  title,
  heading = title,
  does,
  danger,
  disabled,
  onOpen,
  send,
  children,
}: {
  label: string;
  title: string;
  heading?: string;
  /** What the button says that sends it. */
  does: string;
  danger?: boolean;
  disabled?: boolean;
  onOpen?: () => void;
  send: () => Promise<void>;
  children: ComponentChildren;
}) {
  const mayAct = useMayAct();
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refusal | null>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  if (isReport || !mayAct) return null;
  const begin = () => {
    setError(null);
    onOpen?.();
    setOpen(true);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await send();
      setOpen(false);
    } catch (refusal) {
      setError(refusal as Refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class={danger ? "danger" : ""} disabled={disabled} onClick={begin}>
        {label}
      </button>
      <dialog ref={dialog} onClose={() => setOpen(false)} aria-label={title}>
        {open ? (
          <form onSubmit={submit}>
            <h2>{heading}</h2>
            {children}
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
