import { describe, expect, it } from "vitest";
import { placesOf } from "../src/charts/categories";
import { csv } from "../src/charts/picture";
import type { Points } from "../src/charts/points";
import { beyond, bounds, logTicks } from "../src/charts/scales";
import { slice } from "../src/charts/slice";
import { bare, pointsOf } from "./looks";

const drawn = (picture: ReturnType<typeof slice>, logs = { x: false, y: false }) =>
  picture.option(bare, logs).series as { name: string; data: [number, number][] }[];

describe("a slice", () => {
  it("has every trial, also those at the ends", () => {
    const picture = slice(pointsOf([0.1, 0.2, 0.3, 0.4, 0.5]), "levels", [3, 3, 4, 5, 5], null);
    expect(drawn(picture).flatMap((one) => one.data)).toEqual([
      [3, 0.1],
      [3, 0.2],
      [4, 0.3],
      [5, 0.4],
      [5, 0.5],
    ]);
    const { min, max } = picture.option(bare, { x: false, y: false }).xAxis as { min: number; max: number };
    expect(min).toBeLessThan(3);
    expect(max).toBeGreaterThan(5);
  });
  it("has a group for each state, whose points lead to their trials", () => {
    const points: Points = { ...pointsOf([0.1, 0.2, 0.3]), states: ["pruned", "completed", "pruned"] };
    const picture = slice(points, "lr", [1, 2, 3], null);
    expect(drawn(picture).map((one) => [one.name, one.data.length])).toEqual([
      ["completed", 1],
      ["pruned", 2],
    ]);
    expect(picture.link!({ series: 1, item: 1 })).toBe("/t/s/3");
    expect(picture.link!({ series: 0, item: 0 })).toBe("/t/s/2");
    expect(picture.link!({ series: -1, item: -1 })).toBeNull();
  });
  it("keeps categories and truth values side by side, and a missing one apart", () => {
    for (const values of [
      ["SGD", "Adam", null, "SGD"],
      [true, false, undefined, true],
    ]) {
      const points = drawn(slice(pointsOf([0.1, 0.2, 0.3, 0.4]), "of", values, null))[0]!.data;
      expect(points.map(([x]) => Math.round(x) + 0)).toEqual([1, 0, 2, 1]);
      expect(points[0]![0]).not.toBe(points[3]![0]);
    }
  });
  it("says of a number that is missing that it is not shown", () => {
    const picture = slice(pointsOf([0.1, 0.2, 0.3]), "momentum", [null, 0.5, undefined], null);
    expect(picture.shown).toBe(1);
    expect(picture.rows).toEqual([[2, "completed", 0.5, 0.2]]);
  });
  it("is logarithmic over what spans much, and never where there is a zero", () => {
    const logOf = (values: number[], log: boolean | null = null) => slice(pointsOf(values.map(() => 0.5)), "lr", values, log).log;
    expect(logOf([1e-4, 1e-1])!.x).toBe(true);
    expect(logOf([1e-4, 2e-4])!.x).toBe(false);
    expect(logOf([1e-4, 2e-4], true)!.x).toBe(true);
    expect(logOf([0, 1e-1], true)!.x).toBeUndefined();
    expect(logOf([0.1], true)!.x).toBeUndefined();
  });
});

describe("an axis", () => {
  it("goes a little beyond the data, whatever they are", () => {
    expect(beyond({ name: "", low: 0.9, high: 0.9 })).toEqual([0.9 - 0.045, 0.9 + 0.045]);
    expect(beyond({ name: "", low: 0, high: 0 })).toEqual([-0.5, 0.5]);
    expect(beyond({ name: "", low: NaN, high: NaN })).toEqual([0, 1]);
    const [low, high] = beyond({ name: "", low: 1e-4, high: 1e-1, log: true });
    expect(low).toBeGreaterThan(5e-5);
    expect(high).toBeLessThan(0.2);
    expect(beyond({ name: "", low: 0.1, high: 0.1, log: true })).toEqual([0.05, 0.2]);
  });
  it("labels a logarithm at round numbers", () => {
    expect(logTicks(1e-4, 2e-3)).toEqual([1e-4, 2e-4, 5e-4, 1e-3, 2e-3]);
    expect(logTicks(9e-6, 0.11)).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1]);
    expect(logTicks(2.1, 2.9)).toBeNull();
  });
  it("has bounds of what is there", () => {
    expect(bounds([null, 3, NaN, 1, undefined])).toEqual([1, 3]);
    expect(bounds([null])).toEqual([NaN, NaN]);
  });
});

it("categories have a place each, in order, and what is missing the last", () => {
  const { names, at } = placesOf([2, "auto", null, 10, true]);
  expect(names).toEqual(["2", "10", "auto", "true", "not set"]);
  expect([2, 10, "auto", true, null].map(at)).toEqual([0, 1, 2, 3, 4]);
});

it("a CSV keeps quotes, and makes no formula", () =>
  expect(
    csv({
      columns: [{ name: "a" }, { name: "b,c" }],
      rows: [
        [-1, 'say "x"'],
        [null, "=1+1"],
      ],
    }),
  ).toBe('a,"b,c"\r\n-1,"say ""x"""\r\n,\'=1+1\r\n'));
