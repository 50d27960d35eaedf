import { describe, expect, it } from "vitest";
import { axisOf } from "../src/charts/axes";
import { nearestLine, scalesOf, ticks } from "../src/charts/parallel-scales";

describe("the scales of parallel coordinates", () => {
  const scales = scalesOf(3, 500);
  it("spread the axes over the width", () => expect([0, 1, 2].map(scales.x)).toEqual([56, 250, 444]));
  it("put a single axis in the middle", () => expect(scalesOf(1, 500).x(0)).toBe(250));
  it("find a place on an axis back from its height", () => {
    for (const place of [0, 0.25, 1]) expect(scales.placeAt(scales.y(place))).toBeCloseTo(place, 10);
    expect([scales.placeAt(-1000), scales.placeAt(1000)]).toEqual([1, 0]);
  });
  it("find the axis that a pointer is nearest to", () => {
    expect([0, 152, 154, 1000].map(scales.nearest)).toEqual([0, 0, 1, 2]);
    expect(scalesOf(1, 500).nearest(400)).toBe(0);
  });
  it("find the line under a pointer, unless the brush hides it", () => {
    const axes = [axisOf("a", [0, 1, 2]), axisOf("b", [2, 1, 0]), axisOf("c", [0, 0, 2])];
    expect(nearestLine(axes, {}, scales.x(0), 0.5, scales)).toBe(1);
    expect(nearestLine(axes, { a: [0.9, 1] }, scales.x(0), 0.5, scales)).toBeNull();
  });
});

describe("the labels of an axis", () => {
  it("are its categories", () =>
    expect(ticks(axisOf("x", ["b", "a"]))).toEqual([
      [0, "a"],
      [1, "b"],
    ]));
  it("are its values where they are few", () => expect(ticks(axisOf("x", [1, 3])).map(([, text]) => text)).toEqual(["1", "3"]));
  it("are one in the middle for one value", () => expect(ticks(axisOf("x", [7]))).toEqual([[0.5, "7"]]));
});
