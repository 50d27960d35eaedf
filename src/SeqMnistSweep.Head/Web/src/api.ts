// What the head answers; names as it writes them.

export interface SweepRow {
  sweep: string;
  name: string;
  state: string;
  method: string;
  metric: string;
  goal: "maximize" | "minimize";
  infeasible: number;
  spec: string;
  created: string;
  started: string | null;
  finished: string | null;
  planned: number | null;
  priority: number;
  reason: string | null;
  edits: string;
  trials: number;
  queued: number;
  running: number;
  paused: number;
  completed: number;
  pruned: number;
  failed: number;
  cancelled: number;
  best: number | null;
}

export interface BestTrial {
  number: number;
  value: number | null;
  epoch: number | null;
  params: string;
  seed: number;
}

export interface Progress {
  epoch: number;
  epochs: number;
  batch: number;
  batches: number;
  loss: number;
  batches_per_second: number;
  seconds_left: number | null;
}

export interface RunningNow {
  trial: BestTrial;
  worker: string;
  attempt: number;
  progress: Progress | null;
  curve: (number | null)[];
}

export interface FailureCount {
  cause: string;
  trials: number;
  example: string;
  message: string | null;
}

export interface Summary {
  sweep: SweepRow;
  best: BestTrial | null;
  running_count: number;
  running: RunningNow[];
  failures: FailureCount[];
  eta: { seconds: number; spread: number; basis: string } | null;
  waits: string | null;
  last_event: number;
}

export interface TrialRow {
  trial: string;
  sweep: string;
  number: number;
  configuration: number;
  state: string;
  cause: string | null;
  value: number | null;
  epoch: number | null;
  test_loss: number | null;
  test_accuracy: number | null;
  params: string;
  seed: number;
  attempts: number;
  worker: string | null;
  device: string | null;
  started: string | null;
  finished: string | null;
  created: string;
  epochs: number;
  message: string | null;
  facts: string | null;
  origin: string | null;
  parameters: number | null;
}

export interface EventRow {
  event: number;
  sweep: string;
  trial: string | null;
  kind: string;
  from_state: string | null;
  to_state: string | null;
  reason: string;
  actor: string;
  attempt: number | null;
  time: string;
}

export interface LeaderboardRow {
  rank: number;
  trial: string;
  value: number | null;
  deviation: number | null;
  seeds: number;
  epoch: number | null;
  test_accuracy: number | null;
  params: string;
  configuration: number;
}

export interface TrialTable {
  total: number;
  matched: number;
  next: string | null;
  parameters: string[];
  columns: Record<string, unknown[]>;
}

export interface TrialCurves {
  reported: number;
  metrics: { metric: string; epochs: number[]; values: (number | null)[] }[];
}

export interface Curve {
  trial: number;
  epochs: number[];
  values: (number | null)[];
}

export interface CurveDensity {
  metric: string;
  curves: number;
  of: number;
  low: number;
  high: number;
  rows: number;
  columns: { from: number; to: number; p10: number; median: number; p90: number; counts: number[] }[];
}

export interface BestSoFar {
  trial: number;
  value: number;
  seconds: number;
  done: number;
}

export interface WorkerInfo {
  name: string;
  state: number;
  reason: string | null;
  device: string;
  slots: number;
  tags: string[];
  version: string | null;
  started: string | null;
  seen: string | null;
  running: { trial: string; lease: number; progress: Progress | null }[];
  allows_programs: boolean;
  idle_p50_ms: number | null;
  idle_p99_ms: number | null;
  memory: { used: number; total: number } | null;
}

export const workerStates = ["ready", "draining", "drained", "gone", "lost"];

export interface CheckpointRow {
  trial: string;
  epoch: number;
  batch: number;
  digest: string;
  bytes: number;
  attempt: number;
  time: string;
}

export interface QueryAnswer {
  columns: string[];
  rows: unknown[][];
  more: boolean;
}

export interface Finding {
  code: string;
  severity: string;
  line: number;
  column: number;
  message: string;
  reason: string | null;
  help: string | null;
}

export interface SpaceAnswer {
  parameters: { name: string; varies: boolean; logarithmic: boolean; values: unknown[] | null }[];
}

export interface ImportanceAnswer {
  completed: number;
  needed: number;
  shares: { name: string; share: number }[];
}

/** What went wrong, in the head's words. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly hint?: string,
    readonly position?: number,
    readonly findings?: Finding[],
  ) {
    super(message);
  }
}

async function answerOf<T>(answer: Response): Promise<T> {
  if (answer.ok) return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
  let body: { error?: { message: string; hint?: string; position?: number }; findings?: Finding[] } = {};
  try {
    body = await answer.json();
  } catch {
    // Not one of the head's own answers.
  }
  if (body.findings) throw new Refusal(`the file has ${body.findings.length} finding(s)`, undefined, undefined, body.findings);
  throw new Refusal(body.error?.message ?? `the head answered ${answer.status}`, body.error?.hint ?? undefined, body.error?.position ?? undefined);
}

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/${path}`, init);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Refusal("the head does not answer", "is it running? this page goes on as soon as it is back");
  }
  return answerOf<T>(answer);
}

/** The browser asks with the tag it has, and the head sends only what is new. */
export const get = <T>(path: string, signal?: AbortSignal) => call<T>(path, { signal: signal ?? null });

export const post = <T>(path: string, body: unknown = {}) =>
  call<T>(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export const query = (parts: Record<string, string | number | undefined | null>) => {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries(parts)) if (value !== undefined && value !== null && value !== "") text.set(key, String(value));
  return text.size ? `?${text}` : "";
};
