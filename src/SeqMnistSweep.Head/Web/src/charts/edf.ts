import type { Cell, Picture } from "./picture";
import { bounds, frame, tickText } from "./scales";

/** Values of one sweep. */
export interface Values {
  label: string;
  values: number[];
}

/** The share of each sweep's values that are at most so large. */
export function edf(sweeps: Values[], metric: string, text: (value: number) => string): Picture {
  const steps = sweeps.map(({ values }) => [...values].sort((a, b) => a - b).map((value, i) => [value, (i + 1) / values.length] as const));
  const [low, high] = bounds(sweeps.flatMap((one) => one.values));
  const share = (part: number) => `${(100 * part).toFixed(1)} %`;
  return {
    option: (look, logs) => ({
      ...frame(
        { name: metric, low, high, log: logs.x, text: tickText(metric) },
        { name: "share of configurations", low: 0, high: 1, text: (value) => `${Math.round(100 * value)} %` },
        look,
        sweeps.length > 1,
      ),
      series: steps.map((points, s) => ({
        type: "line",
        name: sweeps[s]!.label,
        step: "end",
        symbol: points.length === 1 ? "circle" : "none",
        lineStyle: { color: look.series(s), width: 2 },
        itemStyle: { color: look.series(s) },
        data: [...(points[0] ? [[points[0][0], 0]] : []), ...points],
      })),
    }),
    log: low > 0 && high > low ? { x: false } : {},
    columns: [
      { name: "sweep" },
      { name: metric, text: (cell) => text(cell as number) },
      { name: "share", text: (cell) => share(cell as number) },
    ],
    rows: steps.flatMap((points, s) => points.map(([value, part]): Cell[] => [sweeps[s]!.label, value, part])),
    // The first point of a line is where it leaves the ground.
    tip: (at) => {
      const under = at.filter((one) => one.item > 0);
      const [first] = under;
      return first
        ? {
            title: text(steps[first.series]![first.item - 1]![0]),
            lines: under.map(({ series, item }) => [sweeps[series]!.label, `${share(steps[series]![item - 1]![1])} at most`]),
          }
        : null;
    },
    tipBy: "x",
    zoom: true,
  };
}
