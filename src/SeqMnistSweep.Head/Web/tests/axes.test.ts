import { describe, expect, it } from "vitest";
import { axisOf, inside, Missing, placeOf, rankCorrelation, standing, valueAt } from "../src/charts/axes";

describe("an axis", () => {
  it("places numbers between the lowest and the highest", () => expect([...axisOf("x", [1, 3, 2]).at]).toEqual([0, 1, 0.5]));
  it("is logarithmic where values lie that far apart, and nowhere below zero", () => {
    expect(axisOf("lr", [1e-4, 1e-1]).kind).toBe("log");
    expect(axisOf("x", [-1, 1e6]).kind).toBe("linear");
    expect(axisOf("x", [-1, 1], "log").kind).toBe("linear");
  });
  it("gives categories a place each", () => {
    const axis = axisOf("optimizer", ["SGD", "Adam", "SGD", null]);
    expect(axis.categories).toEqual(["Adam", "SGD"]);
    expect([...axis.at.slice(0, 3)]).toEqual([1, 0, 1]);
    expect(axis.at[3]).toBeNaN();
  });
  it("does not take truth for a number", () => expect(axisOf("permute", [true, false]).kind).toBe("category"));
  it("has one value in the middle", () => expect([...axisOf("x", [7, 7]).at]).toEqual([0.5, 0.5]));
  it("finds its values back", () => {
    for (const values of [
      [1, 9],
      [1e-5, 1e-1],
    ]) {
      const axis = axisOf("x", values);
      for (const place of [0, 0.3, 1]) expect(placeOf(axis, valueAt(axis, place))).toBeCloseTo(place, 10);
    }
  });
  it("takes a hundred thousand values", () =>
    expect(
      axisOf(
        "x",
        Array.from({ length: 200_000 }, (_, i) => i),
      ).high,
    ).toBe(199_999));
});

it("a brush keeps what lies inside all of them, and nothing without a value", () => {
  const axes = [axisOf("a", [0, 1, 2, null]), axisOf("b", [0, 1, 2, 3])];
  expect([...inside(axes, { a: [0.4, 1] }, 4)]).toEqual([0, 1, 1, 0]);
  expect([...inside(axes, { a: [0.4, 1], b: [0, 0.4] }, 4)]).toEqual([0, 1, 0, 0]);
  expect([...inside(axes, {}, 4)]).toEqual([1, 1, 1, 1]);
});

it("a brush over the place of what is not set keeps it", () =>
  expect([...inside([axisOf("a", [0, null, 2])], { a: [Missing, 0.2] }, 3)]).toEqual([1, 1, 0]));

it("forty categories have a place each", () =>
  expect(
    axisOf(
      "x",
      Array.from({ length: 40 }, (_, i) => `c${i}`),
    ).at.some(Number.isNaN),
  ).toBe(false));

describe("rank correlation", () => {
  it("is one for what grows together, however", () => expect(rankCorrelation([1, 2, 3, 4], [1, 10, 100, 1000])).toBeCloseTo(1));
  it("is minus one for the contrary", () => expect(rankCorrelation([1, 2, 3], [9, 5, 1])).toBeCloseTo(-1));
  it("shares ranks of equal values", () => expect(rankCorrelation([1, 1, 2, 2], [1, 2, 3, 4])).toBeCloseTo(0.8944, 3)); // scipy.stats.spearmanr
  it("says nothing of too little", () => {
    expect(rankCorrelation([1, 2], [1, 2])).toBeNull();
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(rankCorrelation([1, NaN, 3, 4], [1, 2, NaN, 4])).toBeNull();
  });
});

it("standing tells the good from the best where a few are far off", () =>
  expect([...standing([0.98, -5, 0.99, NaN])]).toEqual([0.5, 0, 1, NaN]));
