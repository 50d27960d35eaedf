import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { number } from "../format";
import { type Cell, csv, type Picture } from "./picture";

type Rows = Pick<Picture, "columns" | "rows" | "rowLink">;

/** A drawing with its heading, what one can do with it, the table behind it, and its words. */
export function Figure({
  name,
  title,
  by,
  summary,
  rows,
  acts,
  children,
}: {
  name: string;
  title: string;
  by?: string | undefined;
  summary: string;
  rows: Rows;
  acts: ComponentChildren;
  children: ComponentChildren;
}) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure class="plot" data-chart={name}>
      <figcaption>
        <span>
          {title} {by ? <span class="dim">by {by}</span> : null}
        </span>
        <span class="acts">
          {asTable ? null : acts}
          <Act name="CSV" onClick={() => save(`${name}.csv`, new Blob([csv(rows)], { type: "text/csv" }))} />
          <Act name={asTable ? "as picture" : "as table"} pressed={asTable} onClick={() => setAsTable(!asTable)} />
        </span>
      </figcaption>
      {asTable ? <RowsTable of={rows} /> : children}
      <p class="summary">{summary}</p>
    </figure>
  );
}

export const Act = ({ name, pressed, onClick }: { name: string; pressed?: boolean; onClick(): void }) => (
  <button type="button" class="quiet" aria-pressed={pressed} onClick={onClick}>
    {name}
  </button>
);

export function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const MostRows = 500;

const textOf = (cell: Cell) =>
  cell === null || cell === undefined || cell === "" ? "–" : typeof cell === "number" ? number(cell) : String(cell);

function RowsTable({ of: { columns, rows, rowLink } }: { of: Rows }) {
  const numeric = columns.map((_, c) => rows.some((row) => typeof row[c] === "number"));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="what is drawn">
      <table class="list">
        <thead>
          <tr>
            {columns.map((column, c) => (
              <th scope="col" class={numeric[c] ? "num" : undefined} key={column.name}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MostRows).map((row, r) => {
            const to = rowLink?.(r);
            return (
              <tr key={r}>
                {row.map((cell, c) => (
                  <td class={numeric[c] ? "num" : undefined} key={c}>
                    {c === 0 && to ? <a href={to}>{textOf(cell)}</a> : cell == null ? "–" : (columns[c]!.text ?? textOf)(cell)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > MostRows ? (
        <p class="dim">
          the first {MostRows} of {rows.length} rows; the CSV has all
        </p>
      ) : null}
    </div>
  );
}
