import { describe, expect, it } from "vitest";
import { valuesOf } from "../src/api";
import { layOut } from "../src/charts/lanes";
import { asCommand, asYaml, configuration, duration, metricText, nextSort, number, sqlText, telling, varied } from "../src/format";

describe("numbers", () => {
  it.each([
    [0.123456789, "0.12346"],
    [0.00001, "1e-5"],
    [123456789.5, "1.23e8"],
    [3, "3"],
    [1e16, "1e16"],
    [NaN, "NaN"],
  ])("%d is %s", (value, text) => expect(number(value)).toBe(text));
  it("accuracies are percent", () => expect(metricText("val_accuracy", 0.98765)).toBe("98.77 %"));
  it("memory is in MiB, as in the terminal", () => expect(metricText("peak_memory", 3 * 2 ** 20)).toBe("3.0 MiB"));
  it("a metric of that name in other units stays as it is", () => expect(metricText("memory", 3)).toBe("3"));
  it("what is not there is a dash", () => expect(metricText("loss", null)).toBe("–"));
  it.each([
    [0.05, "50 ms"],
    [12.3, "12 s"],
    [600, "10 min"],
    [7200, "2.0 h"],
    [400000, "5 days"],
  ])("%d s is %s", (value, text) => expect(duration(value)).toBe(text));
});

it.each([
  [{ real: "0" }, "0.0"],
  [{ real: "-1" }, "-1.0"],
  [{ real: "1E+20" }, "1E+20"],
  [1.5, "1.5"],
  [7, "7"],
  [null, ""],
  ["text", "text"],
  [{ base64: "AAE=" }, "AAE="],
])("an SQL value %o is %s", (value, text) => expect(sqlText(value)).toBe(text));

it("a configuration becomes a point of enqueue and a command, whatever is in it", () => {
  const params = { lr: 0.001, optimizer: "Adam", note: "it's <b>", permute: true, layers: [1, 2] };
  expect(asYaml(params)).toBe(`- {lr: 0.001, optimizer: "Adam", note: "it's <b>", permute: true, layers: [1,2]}`);
  expect(asCommand("tcn-7f3k", params)).toBe(
    `seqsweep enqueue tcn-7f3k lr=0.001 optimizer=Adam 'note=it'\\''s <b>' permute=true 'layers=[1,2]'`,
  );
});

it("only what differs is varied", () =>
  expect(
    varied([
      { a: 1, b: 2 },
      { a: 1, b: 3, c: 4 },
    ]),
  ).toEqual(["b", "c"]));

it("trials of a worker that overlap lie in rows of their own", () => {
  const span = (lane: string, from: number, to: number | null) => ({ lane, name: "", attempt: 1, kind: "completed", from, to });
  const { rows, placed } = layOut([span("b", 0, 10), span("a", 0, 10), span("a", 5, 8), span("a", 10, null), span("a", 12, 13)]);
  expect(rows.map((row) => row.lane)).toEqual(["a", "a", "b"]);
  expect(placed.map((one) => one.row)).toEqual([0, 1, 0, 1, 2]);
});

it("nested parameters have dotted names", () =>
  expect(configuration('{"opt":{"name":"sgd","deep":{"x":null}},"list":[{"a":1}],"none":{}}')).toEqual({
    "opt.name": "sgd",
    "opt.deep.x": null,
    list: [{ a: 1 }],
    none: {},
  }));

it("a parameter named like a column has its own values", () => {
  const table = { total: 1, matched: 1, next: null, parameters: ["device"], columns: { device: ["cpu"], "params.device": ["tpu"] } };
  expect(valuesOf(table, "device")).toEqual(["tpu"]);
});

describe("columns of configurations", () => {
  it("a searched parameter has one although all shown have the same value", () =>
    expect(
      telling(
        [
          { lr: 1, optimizer: "Adam" },
          { lr: 2, optimizer: "Adam" },
        ],
        ["optimizer"],
      ),
    ).toEqual(["lr", "optimizer"]));
  it("one configuration shows what was searched", () => expect(telling([{ lr: 1, epochs: 3 }], ["lr"])).toEqual(["lr"]));
  it("where nothing was searched all are shown", () => expect(telling([{ lr: 1, epochs: 3 }], [])).toEqual(["lr", "epochs"]));
});

describe("sorting", () => {
  it("the best comes first, then the worst, then the usual order", () => {
    expect(nextSort("number", "value", true)).toBe("-value");
    expect(nextSort("-value", "value", true)).toBe("value");
    expect(nextSort("value", "value", true)).toBeNull();
    expect(nextSort("number", "loss", false)).toBe("loss");
  });
});
