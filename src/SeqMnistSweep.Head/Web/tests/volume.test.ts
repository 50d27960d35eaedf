import { expect, test } from "vitest";
import type { Measured } from "../src/charts/front";
import { volumeShare } from "../src/charts/volume";

const loss = { name: "loss", maximize: false, target: null };
const acc = { name: "acc", maximize: true, target: null };
const of = (inFront: boolean, values: Record<string, number>): Measured => ({ trial: 1, values, inFront, parameters: [] });

test("the share is what the front dominates up to the worst that was seen, as `show` has it", () => {
  const points = [
    of(true, { loss: 1, acc: 0.1 }),
    of(true, { loss: 5, acc: 0.5 }),
    of(true, { loss: 9, acc: 0.9 }),
    of(false, { loss: 11, acc: 0.7 }),
  ];
  expect(volumeShare(points, [loss, acc])).toBeCloseTo((6 * 0.4 + 2 * 0.4) / (10 * 0.8), 12);
});

test("of three metrics two boxes that overlap count their common part once", () => {
  const size = { name: "size", maximize: false, target: null };
  const points = [
    of(true, { loss: 0, acc: 0.5, size: 0.5 }),
    of(true, { loss: 0.5, acc: 1, size: 0 }),
    of(false, { loss: 1, acc: 0, size: 1 }),
  ];
  // 1 x 0.5 x 0.5 and 0.5 x 1 x 1, of which 0.5 x 0.5 x 0.5 is common.
  expect(volumeShare(points, [loss, acc, size])).toBeCloseTo(0.25 + 0.5 - 0.125, 12);
});

test("a metric in which all are alike is no axis, and there is none of four metrics or of no point", () => {
  expect(volumeShare([of(true, { loss: 1, acc: 0.5 }), of(false, { loss: 3, acc: 0.5 })], [loss, acc])).toBe(1);
  expect(volumeShare([of(true, { loss: 1, acc: 0.5 })], [loss, acc])).toBeNull();
  expect(volumeShare([], [loss, acc])).toBeNull();
  expect(volumeShare([of(true, { loss: 1 })], [loss, loss, loss, loss])).toBeNull();
});
