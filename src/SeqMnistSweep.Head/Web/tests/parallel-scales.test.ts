import { describe, expect, it } from "vitest";
import { axisOf, Missing } from "../src/charts/axes";
import { nearestLine, scalesOf, ticks } from "../src/charts/parallel-scales";

describe("the scales of parallel coordinates", () => {
  const scales = scalesOf(3, 500);
  it("spread the axes over the width", () => expect([0, 1, 2].map(scales.x)).toEqual([56, 250, 444]));
  it("put a single axis in the middle", () => expect(scalesOf(1, 500).x(0)).toBe(250));
  it("find a place on an axis back from its height", () => {
    for (const place of [0, 0.25, 1]) expect(scales.placeAt(scales.y(place))).toBeCloseTo(place, 10);
    expect([scales.placeAt(-1000), scales.placeAt(1000)]).toEqual([1, Missing]);
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
  it("are round over many values, and none lies over another", () => {
    const values = Array.from({ length: 50 }, (_, i) => 0.0000009 + i * 0.01);
    expect(ticks(axisOf("dropout", values, "linear")).map(([, text]) => text)).toEqual(["0.1", "0.2", "0.3", "0.4"]);
    expect(ticks(axisOf("lr", [0.0001, 0.0005, 0.1, 0.2], "linear")).map(([, text]) => text)).toEqual(["0.0001", "0.1", "0.2"]);
    expect(ticks(axisOf("lr", [0.0001, 0.0005, 0.1])).map(([, text]) => text)).toEqual(["0.0001", "0.0005", "0.1"]);
  });
  it("have a place below for what is not set", () => {
    const axis = axisOf("momentum", [0.5, null, 0.9]);
    expect(ticks(axis)).toEqual([
      [Missing, "not set"],
      [0, "0.5"],
      [1, "0.9"],
    ]);
    const scales = scalesOf(2, 500);
    expect(nearestLine([axis, axisOf("v", [1, 0, 0])], {}, scales.x(0), Missing, scales)).toBe(1);
  });
});
