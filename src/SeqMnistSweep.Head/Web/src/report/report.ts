import type { CallerInfo, TrialTable } from "../api.generated";

// A sweep as one file: these pages with the head's answers inside, for somebody who has nothing but a browser.

/** What stands in the file, packed. */
export interface Report {
  sweep: string;
  /** When it was written. */
  written: string;
  /** By the path that a page asks for. */
  answers: Record<string, unknown>;
  /** All trials, or the best ones, with every column. */
  table: TrialTable;
  /** Trials whose curves, log and events are in the file. */
  detailed: number[];
}

/** These say how fine an answer is to be, or how much of it; the file has one of each. */
const fineness = ["pixels", "columns", "rows", "last", "top", "offset", "limit", "after", "news"];

export function keyOf(path: string): string {
  const [at = "", text = ""] = path.split("?");
  const named = [...new URLSearchParams(text)].filter(([name]) => !fineness.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return named.length ? `${at}?${new URLSearchParams(named)}` : at;
}

const Packed = "script[type='application/gzip']";

/** Whether these pages are a file of their own. */
export const isReport = typeof document !== "undefined" && document.querySelector(Packed) !== null;

let opened: Report | null = null;

/** Unpacks the file; elsewhere there is nothing to do. */
export async function openReport(): Promise<void> {
  if (!isReport) return;
  const parts = await Promise.all(
    [...document.querySelectorAll(Packed)].map((script) => unpacked<Partial<Report>>(script.textContent ?? "")),
  );
  const whole = parts[0] as Report;
  whole.answers = Object.fromEntries(
    parts.flatMap((part) => Object.entries(part.answers ?? {}).map(([path, said]) => [keyOf(path), said])),
  );
  whole.detailed = parts.flatMap((part) => part.detailed ?? []);
  whole.answers.me = { name: "report", role: "viewer", insecure: false } satisfies Partial<CallerInfo>;
  opened = whole;
}

async function unpacked<T>(base64: string): Promise<T> {
  const bytes = Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json() as Promise<T>;
}

export const theReport = (): Report => opened!;

/** Whether a trial can be looked into. */
export const isDetailed = (trial: number) => !isReport || theReport().detailed.includes(trial);
