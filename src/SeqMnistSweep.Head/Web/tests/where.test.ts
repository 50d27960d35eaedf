import { expect, test } from "vitest";
import { type Value, where } from "../src/report/where";

const rows: Record<string, Value>[] = [
  { lr: 0.01, n: 7, optimizer: "SGD", momentum: 0.9, state: "completed" },
  { lr: 0.001, n: 4, optimizer: "Adam", momentum: null, state: "failed" },
];

const of = (text: string) => {
  const holds = where(text, (name) => (row) => rows[row]![name]);
  return [holds(0), holds(1)];
};

test.each([
  ["lr < 1e-2 and state == 'failed'", [false, true]],
  ["0.001 <= lr < 0.01", [false, true]],
  ["momentum > 0.5", [true, null]],
  ["not momentum > 0.5", [false, null]],
  ["momentum == null or n in [7, 8]", [true, true]],
  ["optimizer not in ('SGD', \"RMSprop\")", [false, true]],
  ["n // 2 == 3 and n % 2 == 1", [true, false]],
  ["-n ** 2 == -49", [true, false]],
  ["log2(n) == 2 if n < 5 else `n` != 7", [false, true]],
  ["max(n, 5, 6) == 6", [false, true]],
])("%s", (text, expected) => expect(of(text)).toEqual(expected));

test.each([
  ["lr <", "a number, a name or '(' is expected, not 'the end'"],
  ["lr = 1", "means nothing here"],
  ["(lr < 1", "')' is expected"],
  ["lr < 1 2", "an operator is expected"],
  ["sin(lr)", "there is no function 'sin'"],
])("%s is refused", (text, message) => expect(() => of(text)).toThrow(message));
