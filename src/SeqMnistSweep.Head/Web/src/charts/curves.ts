import type { Curve } from "../api";
import { standing } from "./axes";
import { type Coordinates, type Place, stretches } from "./drawing";
import type { Look, Picture } from "./picture";
import { type Points, tipOf } from "./points";
import { bounds, canLog, frame, tickText } from "./scales";

/** Every curve a line, coloured by its trial's place among all; the best lie on top. */
export function curves(
  all: Curve[],
  metric: string,
  points: Points,
  maximize: boolean,
  text: (value: number) => string,
): Picture & { lines: number } {
  const position = new Map(points.numbers.map((number, i) => [number, i]));
  const ranks = standing(points.values.map((value) => (value === null ? NaN : maximize ? value : -value)));
  const rankOf = (curve: Curve) => ranks[position.get(curve.trial) ?? -1] ?? NaN;
  const drawn = all
    .filter((curve) => curve.values.some((value) => value !== null))
    .sort((a, b) => (Number.isNaN(rankOf(a)) ? -1 : rankOf(a)) - (Number.isNaN(rankOf(b)) ? -1 : rankOf(b)));
  const xs = bounds(drawn.flatMap((curve) => curve.epochs));
  const ys = bounds(drawn.flatMap((curve) => curve.values));
  const width = drawn.length > 100 ? 1 : 1.5;
  const last = (curve: Curve) => curve.values.findLast((value) => value !== null)!;
  return {
    lines: drawn.length,
    option: (look, logs) => ({
      ...frame(
        { name: "epoch", low: xs[0], high: xs[1], log: logs.x, whole: true, tight: xs[1] > xs[0] },
        { name: metric, low: ys[0], high: ys[1], log: logs.y, text: tickText(metric) },
        look,
      ),
      series: [
        {
          type: "custom",
          name: metric,
          clip: true,
          data: drawn.map((curve) => [curve.epochs[0], last(curve)]),
          renderItem: ({ dataIndex }: Place, api: Coordinates) => {
            const curve = drawn[dataIndex]!;
            const rank = rankOf(curve);
            return curveOf(curve, api, look, Number.isNaN(rank) ? look.dim : look.rank(rank), width);
          },
        },
      ],
    }),
    log: { ...(canLog(xs) ? { x: false } : {}), ...(canLog(ys) ? { y: false } : {}) },
    columns: [
      { name: "trial" },
      { name: "state" },
      { name: "epoch" },
      { name: metric, text: (cell) => (cell == null ? "–" : text(cell as number)) },
    ],
    rows: [...drawn]
      .reverse()
      .flatMap((curve) => curve.epochs.map((epoch, i) => [curve.trial, stateOf(points, position, curve), epoch, curve.values[i]])),
    link: ({ item }) => (drawn[item] ? `/t/${points.sweep}/${drawn[item].trial}` : null),
    tip: ([at]) => {
      const curve = at && drawn[at.item];
      const i = curve && position.get(curve.trial);
      if (!curve || i === undefined) return null;
      const { title, lines } = tipOf(points, i);
      return { title, lines: metric === points.metric ? lines : [[metric, `ends at ${text(last(curve))}`], ...lines] };
    },
    zoom: true,
  };
}

const stateOf = (points: Points, position: Map<number, number>, curve: Curve) => points.states[position.get(curve.trial) ?? -1] ?? null;

function curveOf(curve: Curve, api: Coordinates, look: Look, colour: string, width: number) {
  return {
    type: "group",
    children: stretches(curve.epochs, curve.values).map((stretch) => {
      const at = stretch.map((point) => api.coord(point));
      return at.length === 1
        ? {
            type: "circle",
            shape: { cx: at[0]![0], cy: at[0]![1], r: 2.5 },
            style: { fill: colour },
            emphasis: { style: { fill: look.accent } },
          }
        : {
            type: "polyline",
            shape: { points: at },
            style: { fill: "none", stroke: colour, lineWidth: width, opacity: 0.8, lineJoin: "round" },
            emphasis: { style: { lineWidth: 3, opacity: 1, stroke: look.accent } },
          };
    }),
  };
}
