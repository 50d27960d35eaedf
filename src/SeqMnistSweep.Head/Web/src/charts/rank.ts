import { valueText } from "../format";
import { numericOf, placesOf } from "./categories";
import type { Cell, Picture } from "./picture";
import { type Points, tipOf } from "./points";
import { bounds, canLog, frame, type Scale } from "./scales";
import { plain, spread } from "./slice";

/** Where trials lie on an axis of any kind; categories side by side. */
function side(name: string, of: unknown[], log: boolean | null, turn: number) {
  const places = numericOf(of) ? null : placesOf(of);
  const range = places ? bounds([]) : bounds(of as number[]);
  return {
    known: (i: number) => places !== null || typeof of[i] === "number",
    at: (i: number, number: number) => (places ? places.at(of[i]) + spread(number * turn) : (of[i] as number)),
    scale: (isLog: boolean): Scale => ({
      name,
      low: range[0],
      high: range[1],
      log: isLog,
      ...(places ? { categories: places.names } : { whole: of.every((value) => value == null || Number.isInteger(value)) }),
    }),
    log: !places && canLog(range) ? (log ?? range[1] / range[0] >= 50) : undefined,
  };
}

/** Trials in the plane of two parameters, coloured by their rank among those drawn. */
export function rank(
  points: Points,
  maximize: boolean,
  [x, y]: [{ name: string; of: unknown[]; log: boolean | null }, { name: string; of: unknown[]; log: boolean | null }],
): Picture & { shown: number } {
  // Multiples of a turn, so that jitter on both sides does not fall into lines.
  const [across, up] = [side(x.name, x.of, x.log, 1), side(y.name, y.of, y.log, 7)];
  const there = points.numbers.flatMap((_, i) => (Number.isFinite(points.values[i] ?? NaN) && across.known(i) && up.known(i) ? [i] : []));
  // From the worst to the best, so that the best lie on top; equal values have one rank.
  there.sort((a, b) => (points.values[a]! - points.values[b]!) * (maximize ? 1 : -1));
  const firsts = new Map<number, number>();
  there.forEach((i, at) => {
    firsts.set(points.values[i]!, at);
  });
  const place = (i: number) => there.length - firsts.get(points.values[i]!)!;
  return {
    shown: there.length,
    option: (look, logs) => ({
      ...frame(across.scale(logs.x), up.scale(logs.y), look),
      series: [
        {
          type: "scatter",
          name: "trials",
          symbolSize: there.length > 1000 ? 5 : 8,
          data: there.map((i) => ({
            value: [across.at(i, points.numbers[i]!), up.at(i, points.numbers[i]!)],
            itemStyle: { color: look.rank(there.length === 1 ? 1 : 1 - (place(i) - 1) / (there.length - 1)), opacity: 0.9 },
          })),
        },
      ],
    }),
    log: {
      ...(across.log === undefined ? {} : { x: across.log }),
      ...(up.log === undefined ? {} : { y: up.log }),
    },
    columns: [
      { name: "trial" },
      { name: "rank" },
      { name: x.name, text: valueText },
      { name: y.name, text: valueText },
      { name: points.metric, text: (cell) => points.text(cell as number) },
    ],
    rows: there.map((i): Cell[] => [points.numbers[i], place(i), plain(x.of[i]), plain(y.of[i]), points.values[i]]),
    rowLink: (row) => `/t/${points.sweep}/${points.numbers[there[row]!]}`,
    link: ({ item }) => (there[item] === undefined ? null : `/t/${points.sweep}/${points.numbers[there[item]!]}`),
    tip: ([under]) => {
      const i = under && there[under.item];
      if (i === undefined) return null;
      const { title, lines } = tipOf(points, i);
      return { title: `${title}, rank ${place(i)} of ${there.length}`, lines };
    },
    zoom: true,
  };
}
