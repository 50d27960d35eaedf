import type { SweepRow } from "../api";
import { count } from "../format";
import { styled } from "./basics";

const parts = ["completed", "pruned", "failed", "cancelled", "running", "paused"] as const;

/** How far a sweep is: what its trials came to, as a bar and in words. */
export function Progress({ of, short }: { of: SweepRow; short?: boolean }) {
  const ended = of.completed + of.pruned + of.failed + of.cancelled;
  const all = of.planned ?? of.trials;
  const words = parts.filter((part) => of[part] > 0).map((part) => `${count(of[part])} ${part}`);
  const rest = Math.max(0, all - ended - of.running - of.paused);
  const text = `${count(ended)}${of.planned === null ? "" : ` of ${count(all)}`} ended${words.length ? `: ${words.join(", ")}` : ""}${rest ? `, ${count(rest)} ${of.finished ? "never run" : "to come"}` : ""}`;
  return (
    <span class={short ? "progress short" : "progress"}>
      <span class="stack" role="img" aria-label={text} title={text}>
        {parts.map((part) => (of[part] > 0 ? <i key={part} class={part} ref={styled({ flexGrow: String(of[part]) })} /> : null))}
        {rest ? <i class="rest" ref={styled({ flexGrow: String(rest) })} /> : null}
      </span>
      <span class="words">{short ? `${count(ended)}${of.planned === null ? "" : `/${count(all)}`}` : text}</span>
    </span>
  );
}
