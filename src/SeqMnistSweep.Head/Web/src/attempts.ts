import type { EventRow } from "./api";

export interface Attempt {
  number: number;
  worker: string;
  began: string;
  end: string | null;
  reason: string;
}

/** As the event log tells them: each grant begins one. */
export function attemptsOf(events: EventRow[]): Attempt[] {
  const attempts: Attempt[] = [];
  for (const event of events) {
    const last = attempts[attempts.length - 1];
    if (event.to_state === "leased")
      attempts.push({ number: attempts.length + 1, worker: event.actor, began: event.time, end: null, reason: event.reason });
    else if (last && event.from_state === "leased" && event.to_state === "running")
      Object.assign(last, { began: event.time, reason: event.reason });
    else if (last && last.end === null && (event.from_state === "leased" || event.from_state === "running"))
      Object.assign(last, { end: event.to_state, reason: event.reason });
  }
  return attempts;
}
