import { describe, expect, it } from "vitest";
import { curves } from "../src/charts/curves";
import { density } from "../src/charts/density";
import { hatching, stretches } from "../src/charts/drawing";
import { heat } from "../src/charts/heat";
import { history, inOrder } from "../src/charts/history";
import { lines } from "../src/charts/lines";
import type { Picture } from "../src/charts/picture";
import { timeline } from "../src/charts/timeline";
import { bare, pointsOf } from "./looks";

interface Series {
  type: string;
  name: string;
  data: unknown[];
  showSymbol?: boolean;
  renderItem(place: { dataIndex: number }, api: { coord(of: [number, number]): [number, number] }): Drawn;
}
interface Drawn {
  type: string;
  shape: Record<string, unknown>;
  style: Record<string, string>;
  children?: Drawn[];
}

const seriesOf = (picture: Picture) => picture.option(bare, { x: false, y: false }).series as Series[];
/** Data as pixels. */
const api = { coord: (of: [number, number]) => of };
const items = (series: Series) => series.data.map((_, dataIndex) => series.renderItem({ dataIndex }, api));

describe("lines", () => {
  const of = [
    { label: "a", x: [1, 2, 3], y: [0.1, null, 0.3] },
    { label: "b", x: [2], y: [0.5] },
  ];
  const picture = lines({ of, x: "epoch", y: "loss", text: String });
  it("have each its own points, a gap where a value is missing, and symbols where there is no line", () => {
    const [a, b] = seriesOf(picture);
    expect(a!.data).toEqual([
      [1, 0.1],
      [2, null],
      [3, 0.3],
    ]);
    expect([a!.showSymbol, b!.showSymbol]).toEqual([true, true]);
    expect(seriesOf(lines({ of: [{ label: "c", x: [1, 2, 3, 4], y: [1, 2, 3, 4] }], x: "", y: "", text: String }))[0]!.showSymbol).toBe(
      false,
    );
  });
  it("are a table by x", () =>
    expect(picture.rows).toEqual([
      [1, 0.1, null],
      [2, null, 0.5],
      [3, 0.3, null],
    ]));
  it("tell all that is at an x", () => expect(picture.tip!([{ series: 1, item: 0 }])).toEqual({ title: "epoch 2", lines: [["b", "0.5"]] }));
  it("can be smoothed where they are long, over what was measured", () => {
    const y = Array.from({ length: 40 }, (_, i) => (i === 7 ? null : i % 2));
    const long = lines({ of: [{ label: "a", x: y.map((_, i) => i), y }], x: "step", y: "loss", text: String });
    const [line, raw] = long.option(bare, { x: false, y: false }, true).series as Series[];
    expect([picture.smooths, long.smooths]).toEqual([false, true]);
    expect(raw!.data).toEqual(y.map((value, i) => [i, value]));
    expect(line!.data[0]).toEqual([0, 0]);
    expect(line!.data[7]).toEqual([7, null]);
    expect((line!.data[39] as [number, number])[1]).toBeCloseTo(0.5, 1);
    expect(long.tip!([{ series: 0, item: 39 }])!.lines).toEqual([["a", "1"]]);
  });
  it("begin at zero where they count", () =>
    expect(
      (lines({ of, x: "", y: "", fromZero: true, text: String }).option(bare, { x: false, y: false }).yAxis as { min: number }).min,
    ).toBeLessThanOrEqual(0));
});

describe("the history", () => {
  const points = { ...pointsOf([0.5, null, 0.7, 0.6]), states: ["completed", "failed", "completed", "pruned"] };
  const best = [
    { trial: 1, value: 0.5, seconds: 1, done: 1 },
    { trial: 3, value: 0.7, seconds: 3, done: 2 },
  ];
  it("has a dot per trial with a value, by state, and the best until the last", () => {
    const [completed, pruned, line] = seriesOf(history(points, inOrder(points.numbers.length, 4), best, true));
    expect(completed!.data).toEqual([
      [1, 0.5],
      [3, 0.7],
    ]);
    expect(pruned!.data).toEqual([[4, 0.6]]);
    expect(line!.data).toEqual([
      [1, 0.5],
      [3, 0.7],
      [4, 0.7],
    ]);
  });
  it("counts on from what is not shown", () => {
    const [completed, , line] = seriesOf(
      history(points, inOrder(points.numbers.length, 104), [{ trial: 9, value: 0.4, seconds: 0, done: 1 }, ...best], true),
    );
    expect(completed!.data[0]).toEqual([101, 0.5]);
    expect(line!.data.at(0)).toEqual([101, 0.4]);
    expect(line!.data.at(-1)).toEqual([104, 0.7]);
  });
  it("lies over time where that is asked", () => {
    const over = { name: "time", at: [10, 20, 25, 60], end: 80, text: String };
    const [completed, , line] = seriesOf(history(points, over, best, true));
    expect(completed!.data).toEqual([
      [10, 0.5],
      [25, 0.7],
    ]);
    expect(line!.data).toEqual([
      [10, 0.5],
      [25, 0.7],
      [80, 0.7],
    ]);
  });
  it("stands without a best: only pruned trials", () => {
    const only = history({ ...pointsOf([0.2]), states: ["pruned"] }, inOrder(1, 1), [], true);
    expect(seriesOf(only).map((one) => one.data.length)).toEqual([1, 0]);
    expect(only.link!({ series: 1, item: 0 })).toBeNull();
  });
});

describe("all curves", () => {
  const all = [
    { trial: 1, epochs: [1, 2], values: [0.1, 0.9] },
    { trial: 2, epochs: [1], values: [0.3] },
    { trial: 3, epochs: [1, 2, 3], values: [0.2, null, 0.4] },
    { trial: 4, epochs: [1], values: [null] },
  ];
  const picture = curves(all, "value", pointsOf([0.9, 0.3, 0.4, null]), true, String);
  it("are a line or a dot each, the best last and brightest", () => {
    const [series] = seriesOf(picture);
    const drawn = items(series!).map((one) => one.children!);
    expect(drawn.map((children) => children.map((child) => child.type))).toEqual([["circle"], ["circle", "circle"], ["polyline"]]);
    expect(drawn[2]![0]!.shape.points).toEqual([
      [1, 0.1],
      [2, 0.9],
    ]);
    expect(drawn[2]![0]!.style.stroke).toBe(bare.rank(1));
    expect(picture.link!({ series: 0, item: 2 })).toBe("/t/s/1");
    expect(picture.lines).toBe(3);
  });
  it("rank low values first where those are sought", () =>
    expect(curves(all, "value", pointsOf([0.9, 0.3, 0.4, null]), false, String).link!({ series: 0, item: 2 })).toBe("/t/s/2"));
});

it("a density has a cell for every place that curves pass, also where all values are one", () => {
  const of = { metric: "loss", curves: 2, of: 2, rows: 2, columns: [{ from: 1, to: 1, p10: 1, median: 1.5, p90: 2, counts: [1, 1] }] };
  const [cells, median] = seriesOf(density({ ...of, low: 1, high: 2 }, String));
  expect(items(cells!).map(({ shape }) => [shape.y, shape.height])).toEqual([
    [0.5, 1.5],
    [1, 1.5],
  ]);
  expect(median!.data).toEqual([[1, 1.5]]);
  const [flat] = seriesOf(density({ ...of, low: 1, high: 1, columns: [{ ...of.columns[0]!, counts: [0, 3] }] }, String));
  expect(flat!.data).toEqual([[1, 1]]);
});

describe("a heat map", () => {
  const of = {
    points: pointsOf([0.5, 0.7, 0.6, null]),
    maximize: true,
    x: { name: "a", listed: [1, 2, 3], of: [1, 1, 2, 2] },
    y: { name: "b", listed: null, of: ["u", "u", "v", null] },
    barred: [
      { x: 3, y: "u", message: "too deep" },
      { x: 1, y: "u", message: "not so" },
    ],
  };
  it("has the best single trial of a pair, and hatches what is infeasible", () => {
    const picture = heat(of);
    expect(picture.rows).toEqual([
      [2, 1, "u", 0.7, 2, null],
      [3, 2, "v", 0.6, 1, null],
      [null, 3, "u", null, 0, "too deep"],
    ]);
    expect([picture.filled, picture.hatched, picture.cells]).toEqual([2, 1, 6]);
    const [one, , barred] = items(seriesOf(picture)[0]!);
    expect(one!.style.fill).toBe(bare.rank(1));
    expect(barred!.type).toBe("group");
    expect(picture.link!({ series: 0, item: 2 })).toBeNull();
  });
  it("takes the lowest where that is sought", () => expect(heat({ ...of, maximize: false }).rows[0]![0]).toBe(1));
});

it("a timeline has a bar per attempt, until now where it goes on", () => {
  const span = (name: string, attempt: number, from: number, to: number | null) => ({
    lane: "w",
    name,
    attempt,
    kind: "completed",
    from,
    to,
  });
  const picture = timeline([span("s/1", 1, 0, 10), span("s/2", 1, 5, null), span("s/1", 2, 12, 20)], 30);
  expect(items(seriesOf(picture)[0]!).map(({ shape }) => [shape.x, Number(shape.width) + 0.5])).toEqual([
    [0, 10],
    [5, 25],
    [12, 8],
  ]);
  expect(picture.lanes).toBe(2);
  expect(picture.busy).toBeCloseTo(43 / 60);
  expect(picture.link!({ series: 0, item: 1 })).toBe("/t/s/2");
});

it("a curve with gaps is stretches", () =>
  expect(stretches([1, 2, 3, 4], [null, 1, 2, null])).toEqual([
    [
      [2, 1],
      [3, 2],
    ],
  ]));

it("hatching stays in its box", () => {
  for (const [x1, y1, x2, y2] of hatching({ x: 10, y: 20, width: 30, height: 12 })) {
    for (const x of [x1, x2]) expect(x >= 10 && x <= 40).toBe(true);
    for (const y of [y1, y2]) expect(y >= 20 && y <= 32).toBe(true);
  }
});
