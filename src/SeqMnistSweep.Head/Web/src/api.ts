import type { ErrorAnswer, FileFinding, FileFindings, TrialTable } from "./api.generated";
import { many } from "./format";
import { isReport } from "./report/report";

export type * from "./api.generated";

/** What went wrong, in the head's words. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly hint?: string,
    readonly position?: number,
    readonly findings?: FileFinding[],
    readonly status?: number,
  ) {
    super(message);
  }
}

/** Told to the window when the head no longer knows who looks at the page. */
export const SignedOut = "signed-out";

async function answerOf<T>(answer: Response): Promise<T> {
  if (answer.ok) return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
  let body: Partial<ErrorAnswer & FileFindings> = {};
  try {
    body = await answer.json();
  } catch {
    // Not one of the head's own answers.
  }
  if (answer.status === 401) window.dispatchEvent(new Event(SignedOut));
  if (body.findings) {
    const count = body.findings.length + (body.more ?? 0);
    const rest = body.more ? `, the first ${body.findings.length} below` : "";
    throw new Refusal(`the file has ${many(count, "finding")}${rest}`, undefined, undefined, body.findings);
  }
  throw new Refusal(
    body.error?.message ?? `the head answered ${answer.status}`,
    body.error?.hint ?? undefined,
    body.error?.position ?? undefined,
    undefined,
    answer.status,
  );
}

/** Calls that wait for their answers. */
export let waiting = 0;

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  waiting++;
  try {
    return await answered<T>(path, init);
  } finally {
    waiting--;
  }
}

async function answered<T>(path: string, init?: RequestInit): Promise<T> {
  if (isReport) return (await import("./report/answers")).answer<T>(path);
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/${path}`, init);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Refusal("the head does not answer", "is it running? this page goes on as soon as it is back");
  }
  return answerOf<T>(answer);
}

const asked = new Map<string, Promise<unknown>>();

/** Asks for what the page will read soon. The first reader takes the answer; a refusal is asked for again. */
export function askEarly(path: string): void {
  const answer = call<unknown>(path);
  asked.set(path, answer);
  answer.catch(() => asked.delete(path));
}

/** The browser asks with the tag it has, and the head sends only what is new. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const early = asked.get(path);
  asked.delete(path);
  return early ? (early as Promise<T>) : call<T>(path, { signal: signal ?? null });
}

export const post = <T>(path: string, body: unknown = {}) =>
  call<T>(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export const query = (parts: Record<string, string | number | undefined | null>) => {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries(parts)) if (value !== undefined && value !== null && value !== "") text.set(key, String(value));
  return text.size ? `?${text}` : "";
};

/** The name of a parameter that no column of a trial can have. */
export const parameterColumn = (name: string) => `params.${name}`;

/** The same of a metric. */
export const metricColumn = (name: string) => `metrics.${name}`;

/** A parameter's values, of a table that was asked for `params.*`. */
export const valuesOf = (table: TrialTable, name: string) => table.columns[parameterColumn(name)] ?? [];
