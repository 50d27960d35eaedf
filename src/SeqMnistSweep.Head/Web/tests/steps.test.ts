import { expect, it } from "vitest";
import { seriesOf } from "../src/charts/steps";

it("steps of several metrics are a curve each, and of a step that was made again the last one stands", () => {
  const row = (step: number, attempt: number, metrics: string) => ({ step, attempt, metrics, time: "" });
  expect(
    seriesOf([row(0, 1, '{"loss":3,"lr":1}'), row(10, 1, '{"loss":2}'), row(10, 2, '{"loss":1}'), row(20, 2, '{"loss":"NaN"}')]),
  ).toEqual([
    { label: "loss", x: [0, 10, 20], y: [3, 1, null] },
    { label: "lr", x: [0], y: [1] },
  ]);
});
