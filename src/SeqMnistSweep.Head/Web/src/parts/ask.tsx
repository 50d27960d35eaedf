import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { post } from "../api";
import { DialogForm } from "./dialog";

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
  children,
}: {
  label: string;
  title: string;
  what: ComponentChildren;
  path: string;
  danger?: boolean;
  body?: Record<string, unknown>;
  disabled?: boolean;
  /** What the button says that does it. */
  does?: string;
  /** Where the reason stands. */
  kept?: string;
  onDone?: () => void;
  /** What else is asked. */
  children?: ComponentChildren;
}) {
  const [reason, setReason] = useState("");
  const send = async () => {
    await post(path, { ...body, reason: reason || "asked from the dashboard", by: "dashboard" });
    setReason("");
    onDone?.();
  };
  return (
    <DialogForm label={label} title={title} does={does} danger={danger} disabled={disabled} send={send}>
      <p>{what}</p>
      {children}
      <label>
        Why <span class="dim">(stands in {kept})</span>
        <input type="text" value={reason} maxLength={200} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
    </DialogForm>
  );
}
