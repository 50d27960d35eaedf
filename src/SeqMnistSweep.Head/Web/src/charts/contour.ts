import type { Contour, ContourAxis } from "../api";
import { between, type Coordinates, type Place } from "./drawing";
import type { At, Cell, Picture } from "./picture";
import { bounds, canLog, frame } from "./scales";

/** Where cell i of an axis begins; that of its last cell's successor is the end. */
export const edge = ({ low, high, logarithmic, at }: ContourAxis, i: number) => {
  const share = i / at.length;
  return logarithmic ? low * (high / low) ** share : low + (high - low) * share;
};

/** The metric over two numeric parameters as coloured cells with the configurations as dots; what the constraints rule out is hatched. */
export function contour(sweep: string, metric: string, of: Contour, maximize: boolean, text: (value: number) => string): Picture {
  const columns = of.x.at.length;
  const barred = new Set(of.infeasible);
  const cells = of.values.map((_, i) => i).filter((i) => of.values[i] !== null || barred.has(i));
  const known = of.values.filter((value): value is number => value !== null);
  const [low, high] = bounds([...known, ...of.points.map((point) => point.value)]);
  const share = (value: number) => (high === low ? 1 : maximize ? (value - low) / (high - low) : (high - value) / (high - low));
  const [across, up] = [bounds([of.x.low, of.x.high]), bounds([of.y.low, of.y.high])];
  const point = ({ series, item }: At) => (series === 1 ? of.points[item] : undefined);
  return {
    option: (look, logs) => ({
      ...frame(
        { name: of.x.name, low: across[0], high: across[1], log: logs.x },
        { name: of.y.name, low: up[0], high: up[1], log: logs.y },
        look,
      ),
      series: [
        {
          type: "custom",
          name: metric,
          clip: true,
          data: cells.map((i) => [of.x.at[i % columns], of.y.at[Math.floor(i / columns)], of.values[i]]),
          renderItem: ({ dataIndex }: Place, api: Coordinates) => {
            const i = cells[dataIndex]!;
            const [column, row] = [i % columns, Math.floor(i / columns)];
            // A little more than the cell, so that no gap shines through.
            const box = between(api, [edge(of.x, column), edge(of.y, row)], [edge(of.x, column + 1), edge(of.y, row + 1)], -0.3);
            const value = of.values[i];
            const fill = value === null || value === undefined ? "transparent" : look.rank(share(value));
            const rect = { type: "rect", shape: box, style: { fill, opacity: barred.has(i) ? 0.35 : 1 } };
            const hatch = {
              type: "line",
              silent: true,
              shape: { x1: box.x, y1: box.y + box.height, x2: box.x + box.width, y2: box.y },
              style: { stroke: look.text, lineWidth: 1, opacity: 0.7 },
            };
            return { type: "group", children: barred.has(i) ? [rect, hatch] : [rect] };
          },
        },
        {
          type: "scatter",
          name: "configurations",
          symbolSize: of.points.length > 500 ? 4 : 7,
          itemStyle: { borderColor: look.surface, borderWidth: 1 },
          data: of.points.map(({ x, y, value }) => ({ value: [x, y, value], itemStyle: { color: look.rank(share(value)) } })),
        },
      ],
    }),
    log: {
      ...(canLog(across) ? { x: of.x.logarithmic } : {}),
      ...(canLog(up) ? { y: of.y.logarithmic } : {}),
    },
    columns: [{ name: "trial" }, { name: of.x.name }, { name: of.y.name }, { name: metric, text: (cell) => text(cell as number) }],
    rows: of.points.map(({ number, x, y, value }): Cell[] => [number, x, y, value]),
    rowLink: (row) => `/t/${sweep}/${of.points[row]!.number}`,
    link: (at) => (point(at) ? `/t/${sweep}/${point(at)!.number}` : null),
    tip: ([under]) => {
      if (!under) return null;
      const one = point(under);
      const i = cells[under.item];
      const value = i === undefined ? null : of.values[i];
      const lines = (x: number, y: number): [string, string][] => [
        [of.x.name, number(x)],
        [of.y.name, number(y)],
      ];
      if (one) return { title: `trial ${one.number}`, lines: [[metric, text(one.value)], ...lines(one.x, one.y)] };
      if (i === undefined) return null;
      return {
        title: barred.has(i) ? "the constraints rule it out" : "near by, on average",
        lines: [
          ...(value === null || value === undefined ? [] : [[metric, text(value)] as [string, string]]),
          ...lines(of.x.at[i % columns]!, of.y.at[Math.floor(i / columns)]!),
        ],
      };
    },
  };
}

const number = (value: number) => String(Number(value.toPrecision(4)));
