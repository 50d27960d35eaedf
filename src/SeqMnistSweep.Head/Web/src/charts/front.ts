import type { MetricGoal } from "../api";
import { metricText } from "../format";
import type { At, Cell, Picture } from "./picture";
import { bounds, canLog, frame, tickText } from "./scales";

/** A configuration with its metrics. */
export interface Measured {
  trial: number;
  values: Record<string, number>;
  inFront: boolean;
  parameters: [string, string][];
}

/** Two metrics of every configuration; those that no other beats in all metrics stand out, and are joined where these two are all. */
export function front(sweep: string, points: Measured[], [x, y]: [MetricGoal, MetricGoal], metrics: MetricGoal[]): Picture {
  const groups = [points.filter((one) => !one.inFront), points.filter((one) => one.inFront)];
  groups[1]!.sort((a, b) => a.values[x.name]! - b.values[x.name]!);
  const [across, up] = [x, y].map(({ name }) => bounds(points.map((one) => one.values[name]))) as [[number, number], [number, number]];
  const at = (one: Measured) => [one.values[x.name], one.values[y.name]];
  const of = ({ series, item }: At) => groups[series]?.[item];
  const joined = metrics.length === 2;
  return {
    option: (look, logs) => ({
      ...frame(
        { name: x.name, low: across[0], high: across[1], log: logs.x, text: tickText(x.name) },
        { name: y.name, low: up[0], high: up[1], log: logs.y, text: tickText(y.name) },
        look,
        true,
      ),
      series: [
        {
          type: "scatter",
          name: "beaten by another",
          symbolSize: 6,
          itemStyle: { color: look.dim, opacity: 0.6 },
          data: groups[0]!.map(at),
        },
        {
          type: joined ? "line" : "scatter",
          name: "beaten by none",
          symbol: "circle",
          symbolSize: 8,
          // The line is the edge of what has been reached.
          ...(joined ? { step: x.maximize ? "start" : "end", lineStyle: { color: look.accent, width: 1, opacity: 0.6 } } : {}),
          itemStyle: { color: look.accent },
          data: groups[1]!.map(at),
        },
      ],
    }),
    log: { ...(canLog(across) ? { x: false } : {}), ...(canLog(up) ? { y: false } : {}) },
    columns: [
      { name: "trial" },
      ...metrics.map(({ name }) => ({ name, text: (cell: Cell) => metricText(name, cell as number) })),
      { name: "front", text: (cell) => (cell ? "yes" : "no") },
    ],
    rows: points.map((one): Cell[] => [one.trial, ...metrics.map(({ name }) => one.values[name]), one.inFront]),
    rowLink: (row) => `/t/${sweep}/${points[row]!.trial}`,
    link: (under) => (of(under) ? `/t/${sweep}/${of(under)!.trial}` : null),
    tip: ([under]) => {
      const one = under && of(under);
      return one
        ? {
            title: `trial ${one.trial}`,
            lines: [...metrics.map(({ name }): [string, string] => [name, metricText(name, one.values[name])]), ...one.parameters],
          }
        : null;
    },
    zoom: true,
  };
}

/** Completed trials taken together by configuration: the means over seeds, of those that have every seed and every metric. */
export function measured(
  rows: { number: number; configuration: number; values: (number | null | undefined)[]; parameters: [string, string][] }[],
  metrics: string[],
  seeds: number,
  inFront: Set<number>,
): Measured[] {
  const groups = new Map<number, typeof rows>();
  for (const row of rows) groups.set(row.configuration, [...(groups.get(row.configuration) ?? []), row]);
  return [...groups.values()].flatMap((group) => {
    const whole = group.length >= seeds && group.every((one) => metrics.every((_, m) => typeof one.values[m] === "number"));
    if (!whole) return [];
    const mean = (m: number) => group.reduce((sum, one) => sum + one.values[m]!, 0) / group.length;
    const trial = Math.min(...group.map((one) => one.number));
    return [
      {
        trial,
        values: Object.fromEntries(metrics.map((name, m) => [name, mean(m)])),
        inFront: inFront.has(trial),
        parameters: group[0]!.parameters,
      },
    ];
  });
}
