import { expect, test } from "vitest";
import type { SweepRow } from "../src/api";
import { found, inOrder } from "../src/sweeps-order";

const row = (sweep: string, more: Partial<SweepRow> = {}) =>
  ({
    sweep,
    name: sweep.slice(0, -5),
    tags: "[]",
    title: null,
    description: null,
    note: null,
    reason: null,
    state: "completed",
    method: "grid",
    metric: "val_loss",
    goal: "minimize",
    created: sweep,
    best: null,
    trials: 0,
    failed: 0,
    started: null,
    finished: null,
    ...more,
  }) as SweepRow;

test("sweeps are found by every word that is said of them", () => {
  const rows = [
    row("a-0001", { tags: '["paper","keep"]', note: "lr too high" }),
    row("b-0002", { title: "Second try", description: "for the paper" }),
  ];
  const ids = (text: string) => found(rows, text).map((one) => one.sweep);
  expect(ids("paper")).toEqual(["a-0001", "b-0002"]);
  expect(ids("paper HIGH")).toEqual(["a-0001"]);
  expect(ids("second")).toEqual(["b-0002"]);
  expect(ids("nothing of it")).toEqual([]);
  expect(ids("")).toHaveLength(2);
});

test("sweeps are sorted by any column, those without a value last", () => {
  const rows = [row("a-0001", { best: 2 }), row("b-0002"), row("c-0003", { best: 5 })];
  const ids = (sort: string) =>
    inOrder(rows, sort)
      .map((one) => one.sweep[0])
      .join("");
  expect(ids("best")).toBe("acb");
  expect(ids("-best")).toBe("cab");
  expect(ids("-created")).toBe("cba");
  expect(ids("nonsense")).toBe("abc");
});
