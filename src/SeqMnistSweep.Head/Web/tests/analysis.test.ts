import { expect, test } from "vitest";
import type { Contour } from "../src/api";
import { contour, edge } from "../src/charts/contour";
import { edf } from "../src/charts/edf";
import { front, measured } from "../src/charts/front";
import { ways } from "../src/charts/progress";
import { rank } from "../src/charts/rank";
import { rungs } from "../src/charts/rungs";
import { bare } from "./looks";

const flat = { x: false, y: false };
// biome-ignore lint/suspicious/noExplicitAny: options are read as they are.
const drawn = (picture: { option: (...all: any[]) => unknown }) => (picture.option(bare, flat) as any).series as any[];

test("the distribution rises by one part at every value", () => {
  const picture = edf([{ label: "a", values: [3, 1, 2, 2] }], "loss", String);
  expect(drawn(picture)[0].data).toEqual([
    [1, 0],
    [1, 0.25],
    [2, 0.5],
    [2, 0.75],
    [3, 1],
  ]);
  expect(picture.tip!([{ series: 0, item: 4 }])!.title).toBe("3");
});

test("a front has the means over seeds, and its line is the edge of what was reached", () => {
  const one = (number: number, configuration: number, values: (number | null)[]) => ({ number, configuration, values, parameters: [] });
  const points = measured(
    [
      one(1, 1, [1, 0.4]),
      one(2, 1, [3, 0.6]),
      one(3, 2, [1, 0.1]),
      one(4, 2, [1, null]),
      one(5, 3, [4, 0.9]),
      one(6, 3, [4, 0.9]),
      one(7, 4, [9, 9]),
    ],
    ["loss", "acc"],
    2,
    new Set([1]),
  );
  expect(points.map((point) => [point.trial, point.values.loss, point.values.acc, point.inFront])).toEqual([
    [1, 2, 0.5, true],
    [5, 4, 0.9, false],
  ]);
  const goals = [
    { name: "loss", maximize: false, target: null },
    { name: "acc", maximize: true, target: null },
  ] as const;
  const series = drawn(front("s", points, [goals[0], goals[1]], [...goals]));
  expect(series.map((part) => part.data)).toEqual([[[4, 0.9]], [[2, 0.5]]]);
  expect(series[1].step).toBe("end");
  expect(drawn(front("s", points, [goals[1], goals[0]], [...goals]))[1].step).toBe("start");
});

test("a rung has every trial that came so far, and says which were stopped there", () => {
  const of = (trial: number, state: string, epoch: number) => ({ trial, state, epoch, value: trial / 10 });
  const picture = rungs("s", "acc", [of(1, "completed", 3), of(1, "completed", 9), of(2, "pruned", 3)], String);
  expect(picture.epochs).toEqual([3, 9]);
  expect(picture.rows).toEqual([
    [1, 3, 0.1, "went on"],
    [1, 9, 0.1, "completed"],
    [2, 3, 0.2, "stopped here"],
  ]);
  expect(drawn(picture).flatMap((part) => part.data.map(([x]: number[]) => Math.round(x!) + 0))).toEqual([1, 0, 0]);
});

const points = {
  sweep: "s",
  metric: "loss",
  numbers: [1, 2, 3, 4],
  states: ["completed", "completed", "completed", "pruned"],
  values: [0.3, 0.1, 0.1, null],
  text: String,
  parameters: () => [],
};

test("equal values have one rank, and who has no value has none", () => {
  const picture = rank(points, false, [
    { name: "lr", of: [1, 10, 100, 1000], log: true },
    { name: "kind", of: ["a", "b", null, "a"], log: null },
  ]);
  expect(picture.rows.map((row) => row.slice(0, 2))).toEqual([
    [1, 3],
    [2, 1],
    [3, 1],
  ]);
  expect(picture.log).toEqual({ x: true });
});

test("a contour draws cells that have a value or are ruled out, and a dot for every configuration", () => {
  const axis = (name: string, logarithmic: boolean) => ({
    name,
    low: 1,
    high: 100,
    logarithmic,
    at: logarithmic ? [3.16, 31.6] : [25.75, 75.25],
  });
  const of: Contour = {
    x: axis("x", true),
    y: axis("y", false),
    values: [1, null, null, 3],
    infeasible: [1],
    base: "{}",
    epoch: null,
    points: [{ number: 7, x: 3, y: 30, value: 1 }],
  };
  expect(edge(of.x, 1)).toBeCloseTo(10);
  expect(edge(of.y, 1)).toBeCloseTo(50.5);
  const picture = contour("s", "loss", of, false, String);
  const [cells, dots] = drawn(picture);
  expect(cells.data).toEqual([
    [3.16, 25.75, 1],
    [31.6, 25.75, null],
    [31.6, 75.25, 3],
  ]);
  expect(dots.data.map((one: { value: number[] }) => one.value)).toEqual([[3, 30, 1]]);
  const shapes = { coord: (at: [number, number]) => at };
  expect(cells.renderItem({ dataIndex: 1 }, shapes).children.map((part: { type: string }) => part.type)).toEqual(["rect", "line"]);
  expect(picture.tip!([{ series: 0, item: 1 }])!.title).toBe("the constraints rule it out");
  expect(picture.link!({ series: 1, item: 0 })).toBe("/t/s/7");
  expect(picture.link!({ series: 0, item: 0 })).toBeNull();
});

test("a way goes on from its last step to where the sweep stands", () => {
  const way = { label: "s", steps: [{ done: 1, seconds: 2, value: 5, trial: 1 }], end: { done: 4, seconds: 2 } };
  expect(drawn(ways([way], "loss", "done", String))[0].data).toEqual([
    [1, 5],
    [4, 5],
  ]);
  expect(drawn(ways([way], "loss", "seconds", String))[0].data).toEqual([[2, 5]]);
});
