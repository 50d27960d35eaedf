import { type TrialTable, valuesOf } from "../api";
import { metricText, valueText } from "../format";
import type { Tip } from "./picture";

/** Trials that a picture shows something for each. */
export interface Points {
  sweep: string;
  numbers: number[];
  states: string[];
  values: (number | null)[];
  metric: string;
  text(value: number): string;
  /** What else is told of a trial. */
  parameters(i: number): [string, string][];
}

/** @param order Of the rows; as the table has them without. */
export function pointsOf(sweep: string, metric: string, table: TrialTable, order?: number[]): Points {
  const rows = order ?? table.columns.number!.map((_, i) => i);
  const column = (name: string) => rows.map((row) => table.columns[name]![row]);
  return {
    sweep,
    metric,
    numbers: column("number") as number[],
    states: column("state") as string[],
    values: column("value") as (number | null)[],
    text: (value) => metricText(metric, value),
    parameters: (i) =>
      table.parameters.flatMap((name): [string, string][] => {
        const value = valuesOf(table, name)[rows[i]!];
        return value === null || value === undefined ? [] : [[name, valueText(value)]];
      }),
  };
}

export const tipOf = (points: Points, i: number): Tip => ({
  title: `trial ${points.numbers[i]}, ${points.states[i]}`,
  lines: [[points.metric, points.values[i] == null ? "–" : points.text(points.values[i]!)], ...points.parameters(i)],
});

export const linkOf = (points: Points, i: number | undefined) => (i === undefined ? null : `/t/${points.sweep}/${points.numbers[i]}`);

/** Symbols tell states apart where colours do not. */
export const symbolOf = (state: string) => ({ pruned: "diamond", failed: "rect", running: "triangle" })[state] ?? "circle";

/** Positions of what is there, by state. */
export function byState(points: Points, there: number[]): { states: string[]; groups: number[][] } {
  const states = [...new Set(there.map((i) => points.states[i]!))].sort();
  return { states, groups: states.map((state) => there.filter((i) => points.states[i] === state)) };
}
