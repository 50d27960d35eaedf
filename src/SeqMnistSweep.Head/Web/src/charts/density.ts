import type { CurveDensity } from "../api";
import { between, type Coordinates, type Place } from "./drawing";
import type { Cell, Picture } from "./picture";
import { frame, tickText } from "./scales";

/** All curves of a sweep at once: the more of them pass a cell, the brighter; a line through the median of every column. */
export function density({ metric, columns, low, high, rows }: CurveDensity, text: (value: number) => string): Picture {
  const most = Math.log1p(columns.reduce((a, column) => Math.max(a, ...column.counts), 1));
  const cells = columns.flatMap((column, c) => column.counts.flatMap((count, row) => (count > 0 ? [{ c, row, count }] : [])));
  // Where all values are one, the cells lie around it.
  const [bottom, height] = high > low ? [low, (high - low) / rows] : [low - 0.5, 1 / rows];
  const spanOf = ({ from, to }: { from: number; to: number }) => (from === to ? `epoch ${from}` : `epochs ${from} to ${to}`);
  const toText = (cell: Cell) => text(cell as number);
  return {
    option: (look) => ({
      ...frame(
        { name: "epoch", low: columns[0]!.from - 0.5, high: columns.at(-1)!.to + 0.5, whole: true, tight: true },
        { name: metric, low: bottom, high: bottom + height * rows, text: tickText(metric), tight: true },
        look,
      ),
      series: [
        {
          type: "custom",
          name: "curves",
          clip: true,
          data: cells.map(({ c, row }) => [columns[c]!.from, bottom + row * height]),
          renderItem: ({ dataIndex }: Place, api: Coordinates) => {
            const { c, row, count } = cells[dataIndex]!;
            const column = columns[c]!;
            // Half a pixel more on every side: no seams between cells.
            const shape = between(api, [column.from - 0.5, bottom + row * height], [column.to + 0.5, bottom + (row + 1) * height], -0.5);
            return { type: "rect", shape, style: { fill: look.rank(Math.log1p(count) / most) } };
          },
        },
        {
          type: "line",
          name: "median",
          silent: true,
          showSymbol: columns.length < 3,
          symbolSize: 7,
          color: look.accent,
          lineStyle: { width: 2, shadowColor: look.surface, shadowBlur: 3 },
          data: columns.map((column) => [(column.from + column.to) / 2, column.median]),
        },
      ],
    }),
    columns: [
      { name: "from epoch" },
      { name: "to epoch" },
      { name: "values" },
      { name: "lowest tenth", text: toText },
      { name: "median", text: toText },
      { name: "highest tenth", text: toText },
    ],
    rows: columns.map((one) => [one.from, one.to, one.counts.reduce((a, b) => a + b, 0), one.p10, one.median, one.p90]),
    tip: ([at]) => {
      const cell = at?.series === 0 ? cells[at.item] : undefined;
      if (!cell) return null;
      const column = columns[cell.c]!;
      return {
        title: spanOf(column),
        lines: [
          [`${text(bottom + cell.row * height)} to ${text(bottom + (cell.row + 1) * height)}`, `${cell.count} values`],
          ["median", text(column.median)],
          ["four fifths", `${text(column.p10)} to ${text(column.p90)}`],
        ],
      };
    },
    zoom: true,
  };
}
