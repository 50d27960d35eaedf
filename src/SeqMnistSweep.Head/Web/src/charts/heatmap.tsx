import { useMemo } from "preact/hooks";
import { query, type SpaceAnswer, type SweepSummary, type TrialTable, valuesOf } from "../api";
import { useData } from "../data";
import { many, metricText, valueText } from "../format";
import { styled } from "../parts/basics";
import { onColour, useThemeVersion, viridis } from "./theme";

interface Infeasible {
  base: string;
  pairs: { x: unknown; y: unknown; message: string }[];
}

/** The best value at every pair of two parameters' values, as a table with coloured cells; what the constraints rule out is hatched. */
export function Heatmap({
  summary: { sweep },
  table,
  x,
  y,
  space,
}: {
  summary: SweepSummary;
  table: TrialTable;
  x: string;
  y: string;
  space: SpaceAnswer | null;
}) {
  useThemeVersion();
  const listed = (name: string) => space?.parameters.find((one) => one.name === name)?.values ?? null;
  const known = listed(x) !== null && listed(y) !== null;
  const infeasible = useData<Infeasible>(known ? `sweeps/${sweep.sweep}/infeasible${query({ x, y })}` : null);
  const up = sweep.goal === "maximize";
  const xs = useMemo(() => shownOf(listed(x), valuesOf(table, x)), [space, table, x]);
  const ys = useMemo(() => shownOf(listed(y), valuesOf(table, y)), [space, table, y]);
  const cells = useMemo(() => cellsOf(table, x, y, up), [table, x, y, up]);
  const barred = new Map((infeasible.data?.pairs ?? []).map((pair) => [key(pair.x, pair.y), pair.message]));
  const all = [...cells.values()].map((cell) => cell.value);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const share = (value: number) => (high === low ? 1 : up ? (value - low) / (high - low) : (high - value) / (high - low));
  return (
    <>
      <div class="scroll">
        <table class="heat">
          <caption class="hidden">
            Best {sweep.metric} by {x} and {y}
          </caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="dim">
                  {y} ↓ {x} →
                </span>
              </th>
              {xs.map((value) => (
                <th scope="col" key={JSON.stringify(value)}>
                  {valueText(value)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ys.map((b) => (
              <tr key={JSON.stringify(b)}>
                <th scope="row">{valueText(b)}</th>
                {xs.map((a) => {
                  const cell = cells.get(key(a, b));
                  const why = barred.get(key(a, b));
                  if (cell) {
                    const at = share(cell.value);
                    return (
                      <td
                        key={JSON.stringify(a)}
                        title={`${many(cell.trials, "trial")}, the best is ${cell.number}`}
                        ref={styled({ backgroundColor: viridis(at), color: onColour(viridis(at)) })}
                      >
                        <a href={`/t/${sweep.sweep}/${cell.number}`}>{metricText(sweep.metric, cell.value)}</a>
                      </td>
                    );
                  }
                  return why ? (
                    <td key={JSON.stringify(a)} class="barred" title={why}>
                      <span class="hidden">infeasible: {why}</span>
                    </td>
                  ) : (
                    <td key={JSON.stringify(a)} class="none">
                      <span class="hidden">no trial</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="summary">
        {cells.size} of {xs.length * ys.length} cells have a trial
        {barred.size ? `; ${barred.size} are infeasible (hatched), all else as in the best trial: ${[...barred.values()][0]}` : ""}.
      </p>
    </>
  );
}

const key = (a: unknown, b: unknown) => JSON.stringify([a, b]);

function cellsOf(table: TrialTable, x: string, y: string, up: boolean): Map<string, { value: number; trials: number; number: number }> {
  const cells = new Map<string, { value: number; trials: number; number: number }>();
  (table.columns.value as number[]).forEach((value, i) => {
    const at = key(valuesOf(table, x)[i], valuesOf(table, y)[i]);
    const old = cells.get(at);
    const better = !old || (up ? value > old.value : value < old.value);
    cells.set(at, {
      value: better ? value : old.value,
      trials: (old?.trials ?? 0) + 1,
      number: better ? (table.columns.number as number[])[i]! : old.number,
    });
  });
  return cells;
}

function shownOf(listed: unknown[] | null, seen: unknown[]): unknown[] {
  const known = new Map<string, unknown>();
  for (const value of [...(listed ?? []), ...seen]) if (value !== null && value !== undefined) known.set(JSON.stringify(value), value);
  return [...known.values()].sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1));
}
