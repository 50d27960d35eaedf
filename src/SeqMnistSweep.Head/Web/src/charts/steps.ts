import type { StepRow } from "../api";
import { parse } from "../format";
import type { Line } from "./lines";

/** A series per metric, by name; of a step that a later attempt made again the last one stands. */
export function seriesOf(rows: StepRow[]): Line[] {
  const points = new Map<string, Map<number, number | null>>();
  for (const row of rows) {
    for (const [metric, value] of Object.entries(parse(row.metrics))) {
      if (!points.has(metric)) points.set(metric, new Map());
      points.get(metric)!.set(row.step, typeof value === "number" ? value : null);
    }
  }
  return [...points]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, of]) => {
      const xy = [...of].sort(([a], [b]) => a - b);
      return { label, x: xy.map(([x]) => x), y: xy.map(([, y]) => y) };
    });
}
