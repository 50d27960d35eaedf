// Values that are no numbers, each with a place of its own.

import { valueText } from "../format";

/** Whether all values that are there are numbers. */
export const numericOf = (values: unknown[]) =>
  values.some((value) => typeof value === "number" && Number.isFinite(value)) &&
  values.every((value) => value === null || value === undefined || typeof value === "number");

export const NotSet = "not set";

export const ordered = (a: unknown, b: unknown) =>
  typeof a === "number" && typeof b === "number"
    ? a - b
    : typeof a === "number"
      ? -1
      : typeof b === "number"
        ? 1
        : String(a) < String(b)
          ? -1
          : 1;

/** A place for every different value; a missing one has the last. */
export function placesOf(values: unknown[]): { names: string[]; at(value: unknown): number } {
  const known = new Map<string, unknown>();
  let missing = false;
  for (const value of values) {
    if (value === null || value === undefined) missing = true;
    else known.set(JSON.stringify(value), value);
  }
  const all = [...known.values()].sort(ordered);
  const places = new Map(all.map((value, i) => [JSON.stringify(value), i]));
  return {
    names: [...all.map((value) => valueText(value)), ...(missing ? [NotSet] : [])],
    at: (value) => (value === null || value === undefined ? all.length : places.get(JSON.stringify(value))!),
  };
}
