import { Refusal, type SweepRow, type TrialTable } from "../api";
import { type Value, where } from "./where";

/** A page of trials, as a head cuts it out of its table: those that a filter leaves, sorted, by the columns asked for. */
export function rowsOf(table: TrialTable, asked: URLSearchParams, goal: SweepRow["goal"]): TrialTable {
  const all = table.columns.number!.map((_, i) => i);
  const filter = asked.get("where");
  const kept = filter ? all.filter(matching(table, filter)) : all;
  const sort = asked.get("sort") ?? "number";
  const rows = sorted(table, kept, sort !== "best" ? sort : goal === "maximize" ? "-value" : "value");
  const offset = Number(asked.get("offset") ?? 0);
  const page = rows.slice(offset, offset + Number(asked.get("limit") ?? 200));
  const names = (asked.get("columns")?.split(",") ?? Object.keys(table.columns)).flatMap((name) => columnsOf(table, name));
  return {
    total: table.total,
    matched: rows.length,
    next: null,
    parameters: table.parameters,
    columns: Object.fromEntries(names.map((name) => [name, page.map((i) => column(table, name)[i])])),
  };
}

const columnsOf = (table: TrialTable, name: string) =>
  name.endsWith(".*") ? Object.keys(table.columns).filter((one) => one.startsWith(name.slice(0, -1))) : [name];

/** By its name, or by a shorter one of a parameter or metric that nothing else has. */
function column(table: TrialTable, name: string, at?: number): unknown[] {
  const found = [name, `params.${name}`, `metrics.${name}`].find((one) => one in table.columns);
  if (!found) throw new Refusal(`there is no '${name}' among these trials`, undefined, at);
  return table.columns[found]!;
}

function matching(table: TrialTable, filter: string): (row: number) => boolean {
  const holds = where(filter, (name, at) => {
    const values = column(table, name, at);
    return (row) => values[row] as Value;
  });
  return (row) => holds(row) === true || holds(row) === 1;
}

function sorted(table: TrialTable, rows: number[], sort: string): number[] {
  const down = sort.startsWith("-");
  const values = column(table, down ? sort.slice(1) : sort);
  const numbers = table.columns.number as number[];
  return [...rows].sort((a, b) => {
    const [x, y] = [values[a] as number, values[b] as number];
    if (x === y || (x == null && y == null)) return numbers[a]! - numbers[b]!;
    return x == null ? 1 : y == null ? -1 : x < y === down ? 1 : -1;
  });
}
