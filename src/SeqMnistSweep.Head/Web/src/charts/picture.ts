// What a chart is, before anything is drawn: pure functions make it of the data, and chart.tsx shows it.

import type { EChartsCoreOption } from "echarts/core";

/** Colours of the page as it is now, all resolved. */
export interface Look {
  text: string;
  dim: string;
  line: string;
  surface: string;
  raised: string;
  accent: string;
  /** Of the curve at a position. */
  series(index: number): string;
  /** Of a place among all, 0 for the worst to 1 for the best. */
  rank(share: number): string;
  state(name: string): string;
}

/** Which axes are logarithmic. */
export interface Logs {
  x: boolean;
  y: boolean;
}

export type Cell = string | number | boolean | null | undefined;

export interface Column {
  name: string;
  /** How a cell reads in the table; the CSV has it raw. */
  text?(cell: Cell): string;
}

/** Something that is drawn: an item of a series of the option. */
export interface At {
  series: number;
  item: number;
}

export interface Picture {
  /** @param smooth Whether lines are smoothed, over what was measured. */
  option(look: Look, logs: Logs, smooth?: boolean): EChartsCoreOption;
  /** Its lines are long enough to be smoothed. */
  smooths?: boolean;
  /** Axes that can be logarithmic, and whether they are until somebody chooses. */
  log?: Partial<Logs>;
  /** All that is drawn, for the table and the CSV. */
  columns: Column[];
  rows: Cell[][];
  /** The page of what a row of the table says. */
  rowLink?(row: number): string | null;
  /** Where a click leads. */
  link?(at: At): string | null;
  /** What is said of the things under the pointer: a title, and what belongs to it. */
  tip?(at: At[]): Tip | null;
  /** One thing under the pointer, or all at its x. */
  tipBy?: "item" | "x";
  /** A stretch can be zoomed into. */
  zoom?: boolean;
}

export interface Tip {
  title: string;
  lines: [name: string, value: string][];
}

/** RFC 4180; a text that a spreadsheet would take for a formula begins with an apostrophe. */
export function csv({ columns, rows }: Pick<Picture, "columns" | "rows">): string {
  const field = (cell: Cell) => {
    const text = cell === null || cell === undefined ? "" : String(cell);
    const safe = typeof cell === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns.map((column) => column.name), ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}
