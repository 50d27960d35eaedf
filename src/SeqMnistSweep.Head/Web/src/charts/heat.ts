import { many, metricText, valueText } from "../format";
import { ordered } from "./categories";
import { between, type Coordinates, hatching, onColour, type Place } from "./drawing";
import type { Picture } from "./picture";
import type { Points } from "./points";
import { frame } from "./scales";
import { plain } from "./slice";

interface HeatCell {
  x: unknown;
  y: unknown;
  /** The best trial of the cell, by its position; null where there is none. */
  best: number | null;
  trials: number;
  /** Why no trial can be here. */
  barred: string | null;
}

const key = (x: unknown, y: unknown) => JSON.stringify([x ?? null, y ?? null]);

const isThere = (value: unknown) => value !== null && value !== undefined;

/** All values that there are, in order; those the file lists too. */
export const listOf = (listed: unknown[] | null, seen: unknown[]): unknown[] => {
  const known = new Map<string, unknown>();
  for (const value of [...(listed ?? []), ...seen]) if (isThere(value)) known.set(JSON.stringify(value), value);
  return [...known.values()].sort(ordered);
};

/** The best single trial at every pair of two parameters' values; what the constraints rule out is hatched. */
export function heat({
  points,
  maximize,
  x,
  y,
  barred,
}: {
  points: Points;
  maximize: boolean;
  x: { name: string; listed: unknown[] | null; of: unknown[] };
  y: { name: string; listed: unknown[] | null; of: unknown[] };
  barred: { x: unknown; y: unknown; message: string }[];
}): Picture & { filled: number; cells: number; hatched: number } {
  const [xs, ys] = [listOf(x.listed, x.of), listOf(y.listed, y.of)];
  const [across, up] = [places(xs), places(ys)];
  const cells = cellsOf(points, maximize, x.of, y.of);
  for (const pair of barred) {
    if (!across.has(key(pair.x, null)) || !up.has(key(pair.y, null)) || cells.has(key(pair.x, pair.y))) continue;
    cells.set(key(pair.x, pair.y), { ...pair, best: null, trials: 0, barred: pair.message });
  }
  const drawn = [...cells.values()];
  const filled = drawn.filter((cell) => cell.best !== null);
  const values = filled.map((cell) => points.values[cell.best!]!);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const share = (value: number) => (high === low ? 1 : maximize ? (value - low) / (high - low) : (high - value) / (high - low));
  const at = (cell: HeatCell): [number, number] => [across.get(key(cell.x, null))!, up.get(key(cell.y, null))!];
  const trialLink = (cell: HeatCell | undefined) => (cell && cell.best !== null ? `/t/${points.sweep}/${points.numbers[cell.best]}` : null);
  return {
    filled: filled.length,
    cells: xs.length * ys.length,
    hatched: drawn.length - filled.length,
    option: (look) => ({
      ...frame(
        { name: x.name, low: 0, high: 0, categories: xs.map((value) => valueText(value)) },
        { name: y.name, low: 0, high: 0, categories: ys.map((value) => valueText(value)) },
        look,
      ),
      series: [
        {
          type: "custom",
          name: points.metric,
          clip: true,
          data: drawn.map(at),
          renderItem: ({ dataIndex }: Place, api: Coordinates) => {
            const cell = drawn[dataIndex]!;
            const [a, b] = at(cell);
            const box = between(api, [a - 0.5, b - 0.5], [a + 0.5, b + 0.5], 1);
            if (cell.best === null)
              return {
                type: "group",
                children: [
                  { type: "rect", shape: box, style: { fill: look.raised } },
                  ...hatching(box).map(([x1, y1, x2, y2]) => ({
                    type: "line",
                    shape: { x1, y1, x2, y2 },
                    style: { stroke: look.dim, lineWidth: 0.7 },
                  })),
                ],
              };
            const value = points.values[cell.best]!;
            const fill = look.rank(share(value));
            const text = metricText(points.metric, value);
            return {
              type: "rect",
              shape: { ...box, r: 3 },
              style: { fill },
              ...(box.width > 7 * text.length && box.height > 14
                ? { textContent: { type: "text", style: { text, fill: onColour(fill), fontSize: 11 } }, textConfig: { position: "inside" } }
                : {}),
              emphasis: { style: { stroke: look.text, lineWidth: 2 } },
            };
          },
        },
      ],
    }),
    columns: [
      { name: "best trial" },
      { name: x.name, text: valueText },
      { name: y.name, text: valueText },
      { name: points.metric, text: (cell) => points.text(cell as number) },
      { name: "trials" },
      { name: "infeasible" },
    ],
    rows: drawn.map((cell) => [
      cell.best === null ? null : points.numbers[cell.best],
      plain(cell.x),
      plain(cell.y),
      cell.best === null ? null : points.values[cell.best],
      cell.trials,
      cell.barred,
    ]),
    rowLink: (row) => trialLink(drawn[row]),
    link: ({ item }) => trialLink(drawn[item]),
    tip: ([of]) => {
      const cell = of && drawn[of.item];
      if (!cell) return null;
      const title = `${x.name} ${valueText(cell.x)}, ${y.name} ${valueText(cell.y)}`;
      if (cell.best === null) return { title, lines: [["infeasible", cell.barred!]] };
      return {
        title,
        lines: [
          [`best single ${points.metric}`, points.text(points.values[cell.best]!)],
          [`of ${many(cell.trials, "trial")}`, `trial ${points.numbers[cell.best]}`],
        ],
      };
    },
  };
}

const places = (values: unknown[]) => new Map(values.map((value, i) => [key(value, null), i]));

function cellsOf(points: Points, maximize: boolean, xs: unknown[], ys: unknown[]): Map<string, HeatCell> {
  const cells = new Map<string, HeatCell>();
  points.values.forEach((value, i) => {
    if (value === null || !isThere(xs[i]) || !isThere(ys[i])) return;
    const cell = cells.get(key(xs[i], ys[i])) ?? { x: xs[i], y: ys[i], best: null, trials: 0, barred: null };
    cell.trials++;
    const best = cell.best === null ? null : points.values[cell.best]!;
    if (best === null || (maximize ? value > best : value < best)) cell.best = i;
    cells.set(key(xs[i], ys[i]), cell);
  });
  return cells;
}
