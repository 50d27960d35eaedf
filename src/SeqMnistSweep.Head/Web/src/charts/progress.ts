import { duration } from "../format";
import type { Cell, Picture } from "./picture";
import { bounds, canLog, frame, tickText } from "./scales";

/** How a sweep came to its best. */
export interface Way {
  label: string;
  steps: { done: number; seconds: number; value: number; trial: number }[];
  /** Where it stands: the line goes on until here. */
  end: { done: number; seconds: number };
}

/** The best so far of several sweeps, by completed trials or by the time that they have run. */
export function ways(sweeps: Way[], metric: string, by: "done" | "seconds", text: (value: number) => string): Picture {
  const lines = sweeps.map(({ steps, end }) => {
    const last = steps[steps.length - 1];
    return [...steps.map((step) => [step[by], step.value]), ...(last && end[by] > last[by] ? [[end[by], last.value]] : [])];
  });
  const [from, to] = bounds(lines.flat().map(([x]) => x!));
  const [low, high] = bounds(lines.flat().map(([, y]) => y!));
  const at = (x: number) => (by === "done" ? `after ${x} completed trials` : `after ${duration(x)}`);
  return {
    option: (look, logs) => ({
      ...frame(
        {
          name: by === "done" ? "completed trials" : "time since the first start",
          low: from,
          high: to,
          log: logs.x,
          ...(by === "done" ? { whole: true } : { text: duration }),
        },
        { name: metric, low, high, log: logs.y, text: tickText(metric) },
        look,
        true,
      ),
      series: lines.map((points, s) => ({
        type: "line",
        name: sweeps[s]!.label,
        step: "end",
        symbol: "circle",
        symbolSize: points.length > 100 ? 0 : 5,
        lineStyle: { color: look.series(s), width: 2 },
        itemStyle: { color: look.series(s) },
        data: points,
      })),
    }),
    log: { ...(canLog([from, to]) ? { x: false } : {}), ...(canLog([low, high]) ? { y: false } : {}) },
    columns: [
      { name: "sweep" },
      { name: "trial" },
      { name: "completed trials" },
      { name: "seconds" },
      { name: metric, text: (cell) => text(cell as number) },
    ],
    rows: sweeps.flatMap(({ label, steps }) => steps.map((step): Cell[] => [label, step.trial, step.done, step.seconds, step.value])),
    tip: (under) => {
      const [first] = under;
      return first
        ? {
            title: at(lines[first.series]![first.item]![0]!),
            lines: under.map(({ series, item }) => [sweeps[series]!.label, text(lines[series]![item]![1]!)]),
          }
        : null;
    },
    tipBy: "x",
    zoom: true,
  };
}
