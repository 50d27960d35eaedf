import { expect, test } from "vitest";
import { rowsOf } from "../src/report/rows";

const table = {
  total: 5,
  matched: 4,
  next: null,
  parameters: ["lr", "state"],
  columns: {
    number: [1, 2, 3, 4],
    state: ["completed", "failed", "completed", "pruned"],
    value: [0.9, null, 0.95, 0.9],
    "params.lr": [0.1, 0.2, 0.3, null],
    "params.state": [5, 6, 7, 8],
    "metrics.loss": [3, 2, 1, 0],
  },
};
const ask = (text: string) => rowsOf(table, new URLSearchParams(text), "minimize");

test("what has no value comes last either way, and ties go by number", () => {
  expect(ask("sort=-value&columns=number").columns.number).toEqual([3, 1, 4, 2]);
  expect(ask("sort=value&columns=number").columns.number).toEqual([1, 4, 3, 2]);
  expect(ask("sort=best&columns=number").columns.number).toEqual([1, 4, 3, 2]);
});

test("a bare name is a column of the trial, then a parameter or metric", () => {
  expect(ask("where=state == 'failed'&columns=number").columns.number).toEqual([2]);
  expect(ask("where=lr > 0.1 and loss > 1&columns=number").columns.number).toEqual([2]);
  expect(() => ask("where=nothing > 1")).toThrow("there is no 'nothing'");
});

test("a page of the columns asked for, of how many", () => {
  const page = ask("columns=number,params.*&limit=2&offset=1");
  expect(page.columns).toEqual({ number: [2, 3], "params.lr": [0.2, 0.3], "params.state": [6, 7] });
  expect([page.matched, page.total]).toEqual([4, 5]);
});
