import type { ComponentChildren } from "preact";
import { Scroll } from "./scroll";

export interface ListColumn<Row> {
  head: ComponentChildren;
  cell: (row: Row, index: number) => ComponentChildren;
  numeric?: boolean;
  /** Its cells name their rows. */
  names?: boolean;
  /** Of its cells, where they are no numbers. */
  class?: string;
  title?: (row: Row) => string;
}

/** The head of a column by which the rows can be sorted. */
export function Sorted({ name, sort, first, onSort }: { name: string; sort: string; first: "up" | "down"; onSort(to: string): void }) {
  const order = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
  const next = order === undefined ? (first === "up" ? name : `-${name}`) : order === "ascending" ? `-${name}` : name;
  return (
    <button type="button" class="quiet" onClick={() => onSort(next)} aria-label={order ? `${name}, ${order}` : `sort by ${name}`}>
      {name}
      <span aria-hidden="true">{order === "ascending" ? " ↑" : order === "descending" ? " ↓" : ""}</span>
    </button>
  );
}

/** A table whose rows are all there, or what it says in place of none; where it is too wide, it alone scrolls sideways. */
export function List<Row>({
  rows,
  name,
  columns,
  empty,
  mark,
}: {
  rows: Row[];
  name: (row: Row) => string | number;
  columns: ListColumn<Row>[];
  empty?: string;
  mark?: (row: Row) => string | undefined;
}) {
  if (rows.length === 0 && empty) return <p class="empty">{empty}</p>;
  return (
    <Scroll>
      <table class="list">
        <thead>
          <tr>
            {columns.map((column, c) => (
              <th scope="col" key={c} class={column.numeric ? "num" : undefined}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={name(row)} class={mark?.(row)}>
              {columns.map(({ cell, numeric, names, class: of = numeric ? "num" : undefined, title }, c) =>
                names ? (
                  <th scope="row" key={c} class={of}>
                    {cell(row, i)}
                  </th>
                ) : (
                  <td key={c} class={of} title={title?.(row)}>
                    {cell(row, i)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
