import { expect, test } from "vitest";
import { readSamples } from "../src/samples";

test("Samples are read as the runner writes them", () => {
  expect(readSamples("7:7:0.9987 2:3:0.5 1:1:1")).toEqual([
    { label: 7, predicted: 7, probability: 0.9987 },
    { label: 2, predicted: 3, probability: 0.5 },
    { label: 1, predicted: 1, probability: 1 },
  ]);
});

test("Anything else is none", () => {
  for (const text of [undefined, null, 3, "", "7:7", "<img>", "7:7:0.9 x:1:0.2"]) expect(readSamples(text)).toEqual([]);
});
