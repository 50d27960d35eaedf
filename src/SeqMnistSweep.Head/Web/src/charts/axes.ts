// How values lie on an axis of the parallel coordinates: rules only.

import { ordered } from "./categories";

export interface Axis {
  name: string;
  kind: "linear" | "log" | "category";
  /** For a category axis, in order. */
  categories: unknown[];
  low: number;
  high: number;
  /** The values of a numeric axis where they are few. */
  few: number[] | null;
  /** What a number on it reads as. */
  text?(value: number): string;
  /** Where each line crosses, 0 at the bottom to 1 at the top; NaN for a line without a value. */
  at: Float64Array;
}

const canLog = (values: number[]) => values.length > 0 && Math.min(...bounds(values)) > 0;

function bounds(values: number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Numbers get a scale; anything else, and truth values, a place each. `wanted` asks for another kind where that is possible. */
export function axisOf(name: string, values: unknown[], wanted?: "linear" | "log" | "category"): Axis {
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const numeric = numbers.length > 0 && values.every((value) => typeof value === "number" || value === null || value === undefined);
  if (!numeric || wanted === "category") {
    const known = new Map<string, unknown>();
    for (const value of values) if (value !== null && value !== undefined) known.set(JSON.stringify(value), value);
    const categories = [...known.values()].sort(ordered);
    const place = new Map(
      categories.map((value, i) => [JSON.stringify(value), categories.length === 1 ? 0.5 : i / (categories.length - 1)]),
    );
    return {
      name,
      kind: "category",
      categories,
      low: 0,
      high: categories.length - 1,
      few: null,
      at: Float64Array.from(values, (value) => place.get(JSON.stringify(value)) ?? NaN),
    };
  }
  const [low, high] = bounds(numbers);
  const kind =
    wanted === "log" && canLog(numbers)
      ? "log"
      : wanted === "linear"
        ? "linear"
        : !wanted && canLog(numbers) && high / low >= 50
          ? "log"
          : "linear";
  const scale = (value: number) =>
    high === low ? 0.5 : kind === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return {
    name,
    kind,
    categories: [],
    low,
    high,
    few: fewOf(numbers),
    at: Float64Array.from(values, (value) => (typeof value === "number" && Number.isFinite(value) ? scale(value) : NaN)),
  };
}

const MostTicks = 9;

function fewOf(numbers: number[]): number[] | null {
  const known = new Set<number>();
  for (const value of numbers) if (known.add(value).size > MostTicks) return null;
  return [...known].sort((a, b) => a - b);
}

/** Where each value stands among all, 0 to 1; equal ones together. Colours by it tell the good from the best where a few are far off. */
export function standing(values: ArrayLike<number>): Float64Array {
  const there = Array.from({ length: values.length }, (_, i) => i).filter((i) => !Number.isNaN(values[i]!));
  const found = new Float64Array(values.length).fill(NaN);
  const of = ranks(there.map((i) => values[i]!));
  for (const [k, i] of there.entries()) found[i] = there.length < 2 ? 1 : (of[k]! - 1) / (there.length - 1);
  return found;
}

/** The value at a place of a numeric axis. */
export const valueAt = (axis: Axis, at: number) =>
  axis.kind === "log" ? axis.low * (axis.high / axis.low) ** at : axis.low + (axis.high - axis.low) * at;

export const placeOf = (axis: Axis, value: number) =>
  axis.high === axis.low
    ? 0.5
    : axis.kind === "log"
      ? Math.log(value / axis.low) / Math.log(axis.high / axis.low)
      : (value - axis.low) / (axis.high - axis.low);

/** Below the axis: where lines go whose trials do not have the parameter. */
export const Missing = -0.09;

export const placeOn = (at: number) => (Number.isNaN(at) ? Missing : at);

export const hasMissing = (axis: Axis) => axis.at.some(Number.isNaN);

export type Brush = Record<string, [number, number]>;

/** Lines that lie inside every brush. */
export function inside(axes: Axis[], brush: Brush, lines: number): Uint8Array {
  const kept = new Uint8Array(lines).fill(1);
  for (const axis of axes) {
    const range = brush[axis.name];
    if (!range) continue;
    const [low, high] = [range[0] - 1e-9, range[1] + 1e-9];
    for (let i = 0; i < lines; i++) if (!(placeOn(axis.at[i]!) >= low && placeOn(axis.at[i]!) <= high)) kept[i] = 0;
  }
  return kept;
}

/** Spearman's rank correlation over the pairs that are both there; null with fewer than three or without any spread. */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const pairs: [number, number][] = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i]!) && Number.isFinite(y[i]!)) pairs.push([x[i]!, y[i]!]);
  if (pairs.length < 3) return null;
  const [a, b] = [ranks(pairs.map((pair) => pair[0])), ranks(pairs.map((pair) => pair[1]))];
  const mean = (pairs.length + 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < pairs.length; i++) {
    ab += (a[i]! - mean) * (b[i]! - mean);
    aa += (a[i]! - mean) ** 2;
    bb += (b[i]! - mean) ** 2;
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}

/** Ranks from 1; equal values share the middle of theirs. */
function ranks(values: number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const found = new Array<number>(values.length);
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j + 1 < order.length && values[order[j + 1]!] === values[order[i]!]) j++;
    for (let k = i; k <= j; k++) found[order[k]!] = (i + j) / 2 + 1;
    i = j + 1;
  }
  return found;
}
