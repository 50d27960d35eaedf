import type { Cell, Picture } from "./picture";
import { bounds, canLog, frame, tickText } from "./scales";
import { spread } from "./slice";

/** What a trial had reported at the epochs at which the pruner decides. */
export interface Rung {
  trial: number;
  state: string;
  epoch: number;
  value: number;
}

/** A dot for every trial at each rung, coloured by what became of it there. */
export function rungs(sweep: string, metric: string, at: Rung[], text: (value: number) => string): Picture & { epochs: number[] } {
  const epochs = [...new Set(at.map((one) => one.epoch))].sort((a, b) => a - b);
  const last = new Map<number, number>();
  for (const { trial, epoch } of at) last.set(trial, Math.max(epoch, last.get(trial) ?? 0));
  const fate = ({ trial, epoch, state }: Rung) => (last.get(trial)! > epoch ? "went on" : state === "pruned" ? "stopped here" : state);
  const fates = [...new Set(at.map(fate))].sort();
  const groups = fates.map((name) => at.filter((one) => fate(one) === name));
  const range = bounds(at.map((one) => one.value));
  const colourOf: Record<string, string> = { "went on": "completed", "stopped here": "pruned" };
  return {
    epochs,
    option: (look, logs) => ({
      ...frame(
        { name: "epoch", low: 0, high: epochs.length - 1, categories: epochs.map(String) },
        { name: metric, low: range[0], high: range[1], log: logs.y, text: tickText(metric) },
        look,
        true,
      ),
      series: fates.map((name, s) => ({
        type: "scatter",
        name,
        symbol: name === "stopped here" ? "diamond" : "circle",
        symbolSize: at.length > 1000 ? 4 : 6,
        itemStyle: { color: name === "completed" ? look.accent : look.state(colourOf[name] ?? name), opacity: 0.7 },
        data: groups[s]!.map((one) => [epochs.indexOf(one.epoch) + spread(one.trial), one.value]),
      })),
    }),
    log: canLog(range) ? { y: false } : {},
    columns: [{ name: "trial" }, { name: "epoch" }, { name: metric, text: (cell) => text(cell as number) }, { name: "what became of it" }],
    rows: at.map((one): Cell[] => [one.trial, one.epoch, one.value, fate(one)]),
    rowLink: (row) => `/t/${sweep}/${at[row]!.trial}`,
    link: ({ series, item }) => {
      const one = groups[series]?.[item];
      return one ? `/t/${sweep}/${one.trial}` : null;
    },
    tip: ([under]) => {
      const one = under && groups[under.series]?.[under.item];
      return one
        ? {
            title: `trial ${one.trial} at epoch ${one.epoch}`,
            lines: [
              [metric, text(one.value)],
              ["then", fate(one)],
            ],
          }
        : null;
    },
    zoom: true,
  };
}
