// Axes of a chart: where they begin and end, and what their labels say.

import { isAccuracy, isMemory, mebibytes, number } from "../format";
import type { Look } from "./picture";

export interface Scale {
  name: string;
  low: number;
  high: number;
  log?: boolean;
  /** Names of the places 0, 1, 2 ... */
  categories?: string[];
  /** Only whole numbers are labelled. */
  whole?: boolean;
  text?(value: number): string;
  /** The ends are the data's own: nothing lies beyond them, as the first epoch. */
  tight?: boolean;
}

/** The lowest and the highest; NaN where there is no number. */
export function bounds(values: Iterable<number | null | undefined>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [NaN, NaN];
}

/** Whether a logarithmic axis has a place for all of them. */
export const canLog = ([low, high]: [number, number]) => low > 0 && high > low;

/** A little beyond the data, so that no point lies on the frame. */
export function beyond({ low, high, log, categories, tight }: Scale): [number, number] {
  if (categories) return [-0.5, Math.max(1, categories.length) - 0.5];
  if (Number.isNaN(low)) return [0, 1];
  if (log && low > 0) {
    const more = (high / low) ** 0.04;
    return more > 1 ? [low / more, high * more] : [low / 2, high * 2];
  }
  if (low === high) {
    const more = Math.abs(low) * 0.05 || 0.5;
    return [low - more, high + more];
  }
  const more = tight ? 0 : (high - low) * 0.04;
  return [low - more, high + more];
}

/** 1, 2 and 5 of each decade, or the decades alone where there are many; null where fewer than two would lie between. */
export function logTicks(low: number, high: number): number[] | null {
  const decades = Math.log10(high / low);
  const found: number[] = [];
  const step = Math.max(1, Math.ceil(decades / 8));
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    if (decades >= 3 && power % step !== 0) continue;
    for (const digit of decades < 3 ? [1, 2, 5] : [1]) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= low && tick <= high) found.push(tick);
    }
  }
  return found.length < 2 ? null : found;
}

/** A metric at a tick: shorter than where it is told. */
export const tickText = (metric: string) => (value: number) =>
  isAccuracy(metric) ? `${number(100 * value, 4)} %` : isMemory(metric) ? `${number(mebibytes(value), 4)} MiB` : number(value, 4);

const font = { fontSize: 11, fontFamily: "system-ui, sans-serif" };

/** The axis as the library takes it. */
export function axis(scale: Scale, look: Look, side: "x" | "y"): Record<string, unknown> {
  const [min, max] = beyond(scale);
  const { categories, log, whole } = scale;
  const ticks = categories
    ? categories.map((_, i) => i)
    : log
      ? (logTicks(min, max) ?? evenTicks(min, max))
      : whole && max - min < 12
        ? wholeTicks(min, max)
        : null;
  const text = categories ? (value: number) => shortened(categories[value] ?? "", side === "x" ? 16 : 20) : (scale.text ?? number);
  return {
    type: log ? "log" : "value",
    min,
    max,
    name: scale.name,
    nameLocation: "middle",
    ...(whole ? { minInterval: 1 } : {}),
    nameTextStyle: { color: look.dim, ...font },
    nameGap: side === "x" ? 26 : 8,
    axisLine: { show: true, onZero: false, lineStyle: { color: look.line } },
    axisTick: { show: true, lineStyle: { color: look.line }, ...(ticks ? { customValues: ticks } : {}) },
    axisLabel: {
      color: look.dim,
      ...font,
      hideOverlap: true,
      formatter: (value: number) => text(value),
      ...(ticks ? { customValues: ticks } : { showMinLabel: false, showMaxLabel: false }),
    },
    splitLine: { show: !categories, lineStyle: { color: look.line, opacity: 0.6 } },
    minorTick: { show: false },
  };
}

export function evenTicks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5, 10].find((digit) => digit * unit >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const wholeTicks = (low: number, high: number) =>
  Array.from({ length: Math.max(0, Math.floor(high) - Math.ceil(low) + 1) }, (_, i) => Math.ceil(low) + i);

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** The frame of a chart with two axes. */
export const frame = (x: Scale, y: Scale, look: Look, legend = false) => ({
  animation: false,
  textStyle: font,
  grid: {
    left: 8,
    right: 16,
    top: legend ? 34 : 14,
    bottom: 8,
    outerBoundsMode: "same",
    outerBoundsContain: "all",
  },
  xAxis: axis(x, look, "x"),
  yAxis: axis(y, look, "y"),
  ...(legend
    ? {
        legend: {
          type: "scroll",
          top: 0,
          left: 0,
          itemWidth: 14,
          itemHeight: 9,
          textStyle: { color: look.text, ...font },
          inactiveColor: look.dim,
          pageTextStyle: { color: look.dim },
          pageIconColor: look.text,
          pageIconInactiveColor: look.line,
        },
      }
    : {}),
});
