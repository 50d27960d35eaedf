import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { styled } from "./basics";

export interface Column {
  name: string;
  text?: string;
  numeric?: boolean;
  /** Stays in sight when the table is scrolled sideways; such columns are the first ones. */
  pinned?: boolean;
}

const RowHeight = 28;
const Beyond = 8;

/** A real table of any length: only the rows in sight are there, between two spaces of the others' height. */
export function VirtualTable({
  columns,
  rows,
  row,
  sort,
  onSort,
  onRange,
  label,
}: {
  columns: Column[];
  rows: number;
  row: (index: number) => { key: string | number; cells: ComponentChildren[]; chosen?: boolean } | null;
  sort: string;
  onSort(name: string): void;
  onRange(first: number, last: number): void;
  label: string;
}) {
  const view = useRef<HTMLDivElement>(null);
  const header = useRef<HTMLTableRowElement>(null);
  const [lefts, setLefts] = useState<number[]>([]);
  const pinned = columns.filter((column) => column.pinned).length;
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

  // Pinned columns stand one after another, each as wide as its content makes it; measured again when anything of that may have changed.
  useLayoutEffect(() => {
    let left = 0;
    const next = [...(header.current?.cells ?? [])].slice(0, pinned).map((cell) => {
      const at = left;
      left += cell.getBoundingClientRect().width;
      return Math.round(at);
    });
    if (next.join() !== lefts.join()) setLefts(next);
  });
  const pin = (i: number) => styled({ left: i < pinned ? `${lefts[i] ?? 0}px` : "" });
  const kind = (column: Column | undefined, i: number) =>
    `${column?.numeric ? "num" : ""}${i < pinned ? " pinned" : ""}${i === pinned - 1 ? " edge" : ""}`;

  return (
    <div
      class="virtual scroll"
      ref={view}
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <table class="list" aria-rowcount={rows + 1}>
        <thead>
          <tr aria-rowindex={1} ref={header}>
            {columns.map((column, i) => {
              const order = sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : undefined;
              return (
                <th scope="col" key={column.name} class={kind(column, i)} ref={pin(i)} aria-sort={order}>
                  {column.text === "" ? (
                    <span class="hidden">{column.name}</span>
                  ) : (
                    <button type="button" class="quiet" onClick={() => onSort(column.name)}>
                      {column.text ?? column.name}
                      <span aria-hidden="true">{order === "ascending" ? " ↑" : order === "descending" ? " ↓" : ""}</span>
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
                {shown ? (
                  shown.cells.map((cell, c) => (
                    <td key={c} class={kind(columns[c], c)} ref={pin(c)}>
                      {cell}
                    </td>
                  ))
                ) : (
                  <td colSpan={columns.length} class="dim">
                    …
                  </td>
                )}
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
  <tr aria-hidden="true" class="space">
    <td ref={styled({ height: `${rows * RowHeight}px` })} />
  </tr>
);
