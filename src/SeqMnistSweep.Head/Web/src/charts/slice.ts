import { valueText } from "../format";
import { numericOf, placesOf } from "./categories";
import type { At, Cell, Picture } from "./picture";
import { byState, linkOf, type Points, symbolOf, tipOf } from "./points";
import { bounds, canLog, frame, tickText } from "./scales";

/** The metric over one parameter, coloured by state. A category has its points side by side, so that none hides another. */
export function slice(points: Points, name: string, of: unknown[], log: boolean | null): Picture & { shown: number } {
  const numeric = numericOf(of);
  const places = numeric ? null : placesOf(of);
  const x = (i: number) => (places ? places.at(of[i]) + spread(points.numbers[i]!) : (of[i] as number));
  const there = points.numbers.flatMap((_, i) =>
    points.values[i] !== null && Number.isFinite(points.values[i]) && (places || typeof of[i] === "number") ? [i] : [],
  );
  const { states, groups } = byState(points, there);
  const range = places ? bounds([]) : bounds(there.map((i) => of[i] as number));
  const valueRange = bounds(there.map((i) => points.values[i]));
  const trial = ({ series, item }: At) => groups[series]?.[item];
  return {
    shown: there.length,
    option: (look, logs) => ({
      ...frame(
        {
          name,
          low: range[0],
          high: range[1],
          log: logs.x,
          ...(places ? { categories: places.names } : { whole: there.every((i) => Number.isInteger(of[i])) }),
        },
        { name: points.metric, low: valueRange[0], high: valueRange[1], log: logs.y, text: tickText(points.metric) },
        look,
        true,
      ),
      series: states.map((state, s) => ({
        type: "scatter",
        large: true,
        name: state,
        symbol: symbolOf(state),
        symbolSize: there.length > 1000 ? 5 : 7,
        itemStyle: { color: look.state(state), opacity: 0.75 },
        data: groups[s]!.map((i) => [x(i), points.values[i]]),
      })),
    }),
    log: {
      ...(!places && canLog(range) ? { x: log ?? range[1] / range[0] >= 50 } : {}),
      ...(canLog(valueRange) ? { y: false } : {}),
    },
    columns: [
      { name: "trial" },
      { name: "state" },
      { name, text: valueText },
      { name: points.metric, text: (value) => points.text(value as number) },
    ],
    rows: there.map((i) => [points.numbers[i], points.states[i], plain(of[i]), points.values[i]]),
    rowLink: (row) => linkOf(points, there[row]),
    link: (at) => linkOf(points, trial(at)),
    tip: ([at]) => (at && trial(at) !== undefined ? tipOf(points, trial(at)!) : null),
    zoom: true,
  };
}

export const plain = (value: unknown): Cell => (typeof value === "object" && value !== null ? JSON.stringify(value) : (value as Cell));

/** Between -0.3 and 0.3, the same for a trial every time. */
export const spread = (number: number) => ((number * 0.618033988749895) % 1) * 0.6 - 0.3;
