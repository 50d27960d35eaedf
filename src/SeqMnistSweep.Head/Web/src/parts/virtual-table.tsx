import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";

export interface Column {
  name: string;
  text?: string;
  numeric?: boolean;
}

const RowHeight = 28;
const Beyond = 8;

/** A real table of any length: only the rows in sight are there, between two spaces of the others' height. */
export function VirtualTable({ columns, rows, row, sort, onSort, onRange, label }: {
  columns: Column[];
  rows: number;
  row: (index: number) => { key: string | number; cells: ComponentChildren[]; chosen?: boolean } | null;
  sort: string;
  onSort(name: string): void;
  onRange(first: number, last: number): void;
  label: string;
}) {
  const view = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const first = Math.max(0, Math.floor(top / RowHeight) - Beyond);
  const last = Math.min(rows, Math.ceil((top + height) / RowHeight) + Beyond);

  useEffect(() => {
    const element = view.current!;
    const watch = new ResizeObserver(() => setHeight(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => onRange(first, last), [first, last, rows, sort]);

  return (
    <div class="virtual scroll" ref={view} tabIndex={0} role="region" aria-label={label} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <table class="list" aria-rowcount={rows + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => {
              const order = sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : undefined;
              return (
                <th scope="col" key={column.name} class={column.numeric ? "num" : ""} aria-sort={order}>
                  {column.text === "" ? <span class="hidden">{column.name}</span> : (
                    <button type="button" class="quiet" onClick={() => onSort(column.name)}>
                      {column.text ?? column.name}<span aria-hidden="true">{order === "ascending" ? " ↑" : order === "descending" ? " ↓" : ""}</span>
                    </button>
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {first > 0 ? <Space rows={first} /> : null}
          {Array.from({ length: Math.max(0, last - first) }, (_, i) => {
            const index = first + i;
            const shown = row(index);
            return (
              <tr key={shown?.key ?? `wait-${index}`} aria-rowindex={index + 2} class={shown?.chosen ? "chosen" : ""}>
                {shown ? shown.cells.map((cell, c) => <td key={c} class={columns[c]?.numeric ? "num" : ""}>{cell}</td>) : <td colSpan={columns.length} class="dim">…</td>}
              </tr>
            );
          })}
          {last < rows ? <Space rows={rows - last} /> : null}
        </tbody>
      </table>
    </div>
  );
}

const Space = ({ rows }: { rows: number }) => (
  <tr aria-hidden="true" class="space"><td ref={(element) => void (element && (element.style.height = `${rows * RowHeight}px`))} /></tr>
);
