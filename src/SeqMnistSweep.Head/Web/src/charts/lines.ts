import { number } from "../format";
import type { At, Cell, Picture } from "./picture";
import { bounds, canLog, frame, tickText } from "./scales";
import { smoothed } from "./smooth";

/** Points of a line that may be smoothed, and the weight of what was before each. */
const [Long, Weight] = [20, 0.9];

export interface Line {
  label: string;
  x: number[];
  /** Null breaks the line. */
  y: (number | null)[];
}

/** A few lines over one axis, each with points of its own. */
export function lines({
  of,
  x,
  y,
  step = false,
  fromZero = false,
  text,
  tick = tickText(y),
}: {
  of: Line[];
  x: string;
  y: string;
  /** Stairs, which go from one value to the next halfway. */
  step?: boolean;
  /** Counts, whose heights are compared. */
  fromZero?: boolean;
  text(value: number): string;
  tick?(value: number): string;
}): Picture {
  const xs = bounds(of.flatMap((line) => line.x));
  const ys = bounds([...of.flatMap((line) => line.y), ...(fromZero ? [0] : [])]);
  const legend = of.length > 1;
  return {
    option: (look, logs, smooth) => ({
      ...frame(
        { name: x, low: xs[0], high: xs[1], log: logs.x, whole: of.every((line) => line.x.every(Number.isInteger)), tight: true },
        { name: y, low: ys[0], high: ys[1], log: logs.y, text: tick },
        look,
        legend,
      ),
      series: [
        ...of.map((line, i) => ({
          type: "line",
          name: line.label,
          step: step ? "middle" : false,
          symbol: "circle",
          symbolSize: 5,
          showSymbol: !smooth && (line.x.length < 3 || isBroken(line.y)),
          showAllSymbol: true,
          lineStyle: { width: of.length > 8 ? 1 : 1.75 },
          color: look.series(i),
          data: pairs(line.x, smooth ? smoothed(line.y, Weight) : line.y),
        })),
        ...(smooth ? of : []).map((line, i) => ({
          type: "line",
          name: line.label,
          symbol: "none",
          silent: true,
          z: 1,
          lineStyle: { width: 1, opacity: 0.3 },
          color: look.series(i),
          data: pairs(line.x, line.y),
        })),
      ],
    }),
    smooths: !step && of.some((line) => line.x.length >= Long),
    log: { ...(canLog(xs) ? { x: false } : {}), ...(canLog(ys) ? { y: false } : {}) },
    columns: [
      { name: x },
      ...of.map((line) => ({ name: line.label, text: (cell: Cell) => (typeof cell === "number" ? text(cell) : "–") })),
    ],
    rows: joined(of),
    tipBy: "x",
    tip: (at) => tipOf(of, at, x, text),
    zoom: true,
  };
}

const pairs = (x: number[], y: (number | null)[]) => x.map((at, i) => [at, y[i]]);

/** A point between two gaps is no line: it shows only by its symbol. */
const isBroken = (y: (number | null)[]) =>
  y.some((value, i) => value !== null && (y[i - 1] ?? null) === null && (y[i + 1] ?? null) === null);

function joined(of: Line[]): Cell[][] {
  const known = new Map<number, Cell[]>();
  of.forEach((line, s) => {
    line.x.forEach((at, i) => {
      if (!known.has(at)) known.set(at, [at, ...of.map(() => null)]);
      known.get(at)![s + 1] = line.y[i];
    });
  });
  return [...known.values()].sort((a, b) => (a[0] as number) - (b[0] as number));
}

function tipOf(of: Line[], at: At[], x: string, text: (value: number) => string) {
  const there = at.filter(({ series }) => of[series]);
  if (there.length === 0) return null;
  const first = of[there[0]!.series]!.x[there[0]!.item]!;
  return {
    title: `${x} ${number(first)}`,
    lines: there.map(({ series, item }): [string, string] => {
      const value = of[series]!.y[item];
      return [of[series]!.label, value === null || value === undefined ? "–" : text(value)];
    }),
  };
}
