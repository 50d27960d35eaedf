import { number, valueText } from "../format";
import { type Axis, type Brush, placeOf, valueAt } from "./axes";

/** Every stretch as two fields, for people without a pointer. */
export function BrushFields({
  axes,
  brush,
  onBrush,
  order,
  onOrder,
  kinds,
  onKind,
}: {
  axes: Axis[];
  brush: Brush;
  onBrush(brush: Brush): void;
  order: string[];
  onOrder(order: string[]): void;
  kinds: Record<string, Axis["kind"]>;
  onKind(name: string, kind: Axis["kind"]): void;
}) {
  const swap = (name: string, by: number) => {
    const next = [...order];
    const i = next.indexOf(name);
    const j = i + by;
    if (j < 0 || j >= next.length) return;
    [next[i], next[j]] = [next[j]!, next[i]!];
    onOrder(next);
  };
  return (
    <table class="list fields">
      <thead>
        <tr>
          <th scope="col">axis</th>
          <th scope="col">scale</th>
          <th scope="col">from</th>
          <th scope="col">to</th>
          <th scope="col">place</th>
        </tr>
      </thead>
      <tbody>
        {order.map((name) => {
          const axis = axes.find((one) => one.name === name);
          if (!axis) return null;
          const range = brush[name];
          const set = (end: 0 | 1, text: string) => {
            const next = { ...brush };
            const place = axis.kind === "category" ? Number(text) / Math.max(1, axis.categories.length - 1) : placeOf(axis, Number(text));
            const old: [number, number] = [...(range ?? [0, 1])];
            old[end] = text === "" || !Number.isFinite(place) ? end : Math.min(1, Math.max(0, place));
            if (old[0] <= 0 && old[1] >= 1) delete next[name];
            else next[name] = old;
            onBrush(next);
          };
          const field = (end: 0 | 1, word: string) =>
            axis.kind === "category" ? (
              <select
                aria-label={`${name} ${word}`}
                value={
                  range
                    ? Math.round(Math.max(0, range[end]) * Math.max(1, axis.categories.length - 1))
                    : end === 0
                      ? 0
                      : axis.categories.length - 1
                }
                onChange={(event) => set(end, event.currentTarget.value)}
              >
                {axis.categories.map((value, i) => (
                  <option key={i} value={i}>
                    {valueText(value)}
                  </option>
                ))}
              </select>
            ) : (
              <input
                type="number"
                step="any"
                aria-label={`${name} ${word}`}
                value={range ? number(valueAt(axis, Math.max(0, range[end])), 4) : ""}
                placeholder={number(end === 0 ? axis.low : axis.high, 4)}
                onChange={(event) => set(end, event.currentTarget.value)}
              />
            );
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <select
                  aria-label={`scale of ${name}`}
                  value={kinds[name] ?? axis.kind}
                  onChange={(event) => onKind(name, event.currentTarget.value as Axis["kind"])}
                >
                  <option>linear</option>
                  <option>log</option>
                  <option>category</option>
                </select>
              </td>
              <td>{field(0, "from")}</td>
              <td>{field(1, "to")}</td>
              <td>
                <button type="button" aria-label={`${name} to the left`} onClick={() => swap(name, -1)}>
                  ←
                </button>{" "}
                <button type="button" aria-label={`${name} to the right`} onClick={() => swap(name, 1)}>
                  →
                </button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
