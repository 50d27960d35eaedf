import type { BestSoFar } from "../api";
import type { At, Picture } from "./picture";
import { byState, linkOf, type Points, symbolOf, tipOf } from "./points";
import { bounds, canLog, frame, tickText } from "./scales";

/** What a history is drawn over. */
export interface Passage {
  name: string;
  /** Of each trial. */
  at: number[];
  /** Where the line of the best ends. */
  end: number;
  text?(value: number): string;
}

/** The order of the ends, of the last `count` of `ended`. */
export const inOrder = (count: number, ended: number): Passage => ({
  name: "trials that have ended",
  at: Array.from({ length: count }, (_, i) => ended - count + 1 + i),
  end: ended,
});

/**
 * A dot for every trial that ended with a value, by state; over them the best so far, as the leaderboard has it.
 * @param points The trials that ended last, the last one at the end; those before are no dots.
 */
export function history(points: Points, over: Passage, best: BestSoFar[], maximize: boolean): Picture {
  const first = over.at[0] ?? 1;
  const place = new Map(points.numbers.map((number, i) => [number, over.at[i]!]));
  const there = points.numbers.flatMap((_, i) => (points.values[i] === null ? [] : [i]));
  const { states, groups } = byState(points, there);
  // What was the best before the first dot holds from there on.
  const steps = best.map((step) => [place.get(step.trial) ?? first, step.value] as [number, number]);
  const line = steps.length ? [...steps, [over.end, steps.at(-1)![1]] as [number, number]] : [];
  const ys = bounds([...there.map((i) => points.values[i]), ...line.map((step) => step[1])]);
  const trial = ({ series, item }: At) => (series < states.length ? groups[series]?.[item] : undefined);
  const bestOf = new Map(best.map((step) => [step.trial, step.value]));
  return {
    option: (look, logs) => ({
      ...frame(
        { name: over.name, low: first, high: Math.max(over.end, first), ...(over.text ? { text: over.text } : { whole: true }) },
        { name: points.metric, low: ys[0], high: ys[1], log: logs.y, text: tickText(points.metric) },
        look,
        true,
      ),
      series: [
        ...states.map((state, s) => ({
          type: "scatter",
          large: true,
          name: state,
          symbol: symbolOf(state),
          symbolSize: there.length > 1000 ? 4 : 6,
          itemStyle: { color: look.state(state), opacity: state === "completed" ? 0.8 : 0.45 },
          data: groups[s]!.map((i) => [over.at[i], points.values[i]]),
        })),
        {
          type: "line",
          name: "best so far",
          step: "end",
          symbol: "none",
          silent: true,
          color: look.accent,
          lineStyle: { width: 2 },
          z: 3,
          data: line,
        },
      ],
    }),
    ...(canLog(ys) ? { log: { y: false } } : {}),
    columns: [
      { name: "trial" },
      { name: over.name, ...(over.text ? { text: (cell) => over.text!(cell as number) } : {}) },
      { name: "state" },
      { name: points.metric, text: (cell) => points.text(cell as number) },
      { name: `best so far (${maximize ? "highest" : "lowest"})`, text: (cell) => points.text(cell as number) },
    ],
    rows: there.map((i) => [points.numbers[i], over.at[i], points.states[i], points.values[i], bestOf.get(points.numbers[i]!) ?? null]),
    rowLink: (row) => linkOf(points, there[row]),
    link: (at) => linkOf(points, trial(at)),
    tip: ([at]) => (at && trial(at) !== undefined ? tipOf(points, trial(at)!) : null),
    zoom: true,
  };
}
