// Where axes and lines of the parallel coordinates lie: rules only.

import { number, valueText } from "../format";
import { type Axis, type Brush, hasMissing, inside, Missing, placeOf, placeOn } from "./axes";
import { NotSet } from "./categories";
import { evenTicks, logTicks } from "./scales";

export const Height = 400;
export const Top = 40;
const [Bottom, Side] = [46, 56];

export interface Scales {
  /** Of an axis by its position. */
  x(axis: number): number;
  /** Of a place on an axis, 0 at the bottom to 1 at the top. */
  y(place: number): number;
  /** The place on an axis at a height, down to that of what is not set. */
  placeAt(y: number): number;
  /** The axis whose line is nearest. */
  nearest(x: number): number;
  /** What an axis's name may take. */
  room: number;
}

export function scalesOf(axes: number, width: number): Scales {
  const step = axes > 1 ? (width - 2 * Side) / (axes - 1) : 0;
  const x = (axis: number) => (axes === 1 ? width / 2 : Side + step * axis);
  return {
    x,
    y: (place) => Height - Bottom - (Height - Top - Bottom) * place,
    placeAt: (y) => Math.min(1, Math.max(Missing, (Height - Bottom - y) / (Height - Top - Bottom))),
    nearest: (at) => (step > 0 ? Math.min(axes - 1, Math.max(0, Math.round((at - Side) / step))) : 0),
    room: Math.max(60, step > 0 ? step - 6 : width),
  };
}

/** The places of an axis that are labelled, with what they say. */
export function ticks(axis: Axis): [place: number, text: string][] {
  const text = axis.text ?? ((value: number) => number(value, 4));
  const missing: [number, string][] = hasMissing(axis) ? [[Missing, NotSet]] : [];
  if (axis.kind === "category") {
    const step = Math.ceil(axis.categories.length / 12);
    const places = axis.categories.map((value, i): [number, string] => [
      axis.categories.length === 1 ? 0.5 : i / (axis.categories.length - 1),
      valueText(value),
    ]);
    return [...missing, ...places.filter((_, i) => i % step === 0)];
  }
  if (axis.high === axis.low) return [...missing, [0.5, text(axis.low)]];
  const values = axis.few ?? (axis.kind === "log" ? logTicks(axis.low, axis.high) : null) ?? evenTicks(axis.low, axis.high);
  return [...missing, ...apart(values.map((value): [number, string] => [placeOf(axis, value), text(value)]))];
}

/** Without labels that would lie over each other; the first and the last stay. */
function apart(ticks: [number, string][]): [number, string][] {
  const last = ticks.at(-1);
  const kept: [number, string][] = [];
  for (const tick of ticks) {
    const room = kept.length === 0 || tick[0] - kept.at(-1)![0] >= Least;
    if (tick === last || (room && last![0] - tick[0] >= Least)) kept.push(tick);
  }
  return kept;
}

const Least = 0.05;

/** The line under the pointer, between two axes. */
export function nearestLine(axes: Axis[], brush: Brush, px: number, place: number, { x }: Scales): number | null {
  if (axes.length < 2) return null;
  const kept = inside(axes, brush, axes[0]!.at.length);
  const left = Math.max(
    0,
    Math.min(
      axes.length - 2,
      axes.findIndex((_, i) => i === axes.length - 1 || x(i + 1) > px),
    ),
  );
  const share = (px - x(left)) / (x(left + 1) - x(left));
  let [best, distance] = [-1, 0.02];
  for (let i = 0; i < kept.length; i++) {
    if (!kept[i]) continue;
    const there = Math.abs(placeOn(axes[left]!.at[i]!) * (1 - share) + placeOn(axes[left + 1]!.at[i]!) * share - place);
    if (there < distance) [best, distance] = [i, there];
  }
  return best < 0 ? null : best;
}
