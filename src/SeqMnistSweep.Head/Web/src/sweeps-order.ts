import type { SweepRow } from "./api";
import { secondsFrom, tagsOf } from "./format";

/** Seconds from its first trial to its end, or to now; null before. */
export const ran = (row: SweepRow) => (row.started ? secondsFrom(row.started, row.finished) : null);

type Order = { of: (row: SweepRow) => string | number | null /** The way that a first click sorts. */; first: "up" | "down" };

/** What sweeps can be sorted by. */
export const orders: Record<string, Order> = {
  sweep: { of: (row) => (row.title ?? row.sweep).toLowerCase(), first: "up" },
  state: { of: (row) => row.state, first: "up" },
  trials: { of: (row) => row.trials, first: "down" },
  best: { of: (row) => row.best, first: "down" },
  metric: { of: (row) => row.metric, first: "up" },
  method: { of: (row) => row.method, first: "up" },
  failed: { of: (row) => row.failed, first: "down" },
  created: { of: (row) => row.created, first: "down" },
  took: { of: ran, first: "down" },
};

/** In the order of a column, after `-` from the largest down; what has no value comes last either way. */
export function inOrder(rows: SweepRow[], sort: string): SweepRow[] {
  const down = sort.startsWith("-");
  const order = orders[down ? sort.slice(1) : sort] ?? orders.created!;
  return rows.toSorted((a, b) => {
    const [left, right] = [order.of(a), order.of(b)];
    if (left === right) return 0;
    if (left === null || right === null) return left === null ? 1 : -1;
    return left < right === down ? 1 : -1;
  });
}

/** The sweeps of which every word is said somewhere. */
export function found(rows: SweepRow[], text: string): SweepRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const said = [
      row.sweep,
      row.name,
      row.title,
      row.description,
      row.note,
      row.state,
      row.reason,
      row.method,
      row.metric,
      row.goal,
      ...tagsOf(row),
    ]
      .filter((one) => one !== null)
      .join("\n")
      .toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
