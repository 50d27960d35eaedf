import { useMemo, useState } from "preact/hooks";
import { type MetricGoal, metricColumn, parameterColumn, type SpaceAnswer, type SweepSummary, type TrialTable, valuesOf } from "../../api";
import { type Axis, axisOf, type Brush } from "../../charts/axes";
import { tickText } from "../../charts/scales";
import type { Place } from "../../route";

export interface Shown {
  summary: SweepSummary;
  table: TrialTable;
  /** Parameters that are not the same in all trials of the table. */
  varying: string[];
  place: Place;
}

/** As the sweep file draws it; by its values where the file does not say. */
const scaleOf = (space: SpaceAnswer | null, name: string) => {
  const known = space?.parameters.find((one) => one.name === name);
  return known?.logarithmic ? ("log" as const) : known && known.values === null ? ("linear" as const) : undefined;
};

export interface Axes {
  all: Axis[];
  value: Axis;
  /** The sweep's metrics, which are the last axes. */
  metrics: number;
  kinds: Record<string, Axis["kind"]>;
  setKind(name: string, kind: Axis["kind"]): void;
}

export function useAxes(table: TrialTable, varying: string[], space: SpaceAnswer | null, metrics: MetricGoal[]): Axes {
  const [metric, ...others] = metrics.map((one) => one.name) as [string, ...string[]];
  const [kinds, setKinds] = useState<Record<string, Axis["kind"]>>({});
  const value = useMemo(
    () => ({ ...axisOf(metric, table.columns.value!, kinds[metric] ?? "linear"), text: tickText(metric) }),
    [table, kinds[metric]],
  );
  const all = useMemo(
    () => [
      ...varying.map((name) => {
        const shown = metrics.some((one) => one.name === name) ? parameterColumn(name) : name;
        return axisOf(shown, valuesOf(table, name), kinds[shown] ?? scaleOf(space, name));
      }),
      ...others.map((name) => axisOf(name, table.columns[metricColumn(name)] ?? [], kinds[name] ?? "linear")),
      value,
    ],
    [table, space, kinds, value],
  );
  return { all, value, metrics: metrics.length, kinds, setKind: (name, kind) => setKinds((old) => ({ ...old, [name]: kind })) };
}

export const brushOf = (text: string | null): Brush =>
  Object.fromEntries(
    (text ?? "")
      .split(";")
      .filter(Boolean)
      .map((part) => {
        const [name, low, high] = part.split("~");
        return [name!, [Number(low), Number(high)] as [number, number]];
      }),
  );
export const brushText = (brush: Brush) =>
  Object.entries(brush)
    .map(([name, [low, high]]) => `${name}~${low.toFixed(3)}~${high.toFixed(3)}`)
    .join(";");
