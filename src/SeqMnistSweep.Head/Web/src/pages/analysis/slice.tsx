import { useMemo } from "preact/hooks";
import { valuesOf } from "../../api";
import { axisOf } from "../../charts/axes";
import { Plot } from "../../charts/plot";
import { count, metricText, number, valueText } from "../../format";
import { Empty } from "../../parts/basics";
import { Choice } from "../../parts/choice";
import { put } from "../../route";
import type { Shown } from "./axes";

export function Slice({ summary: { sweep }, table, varying, place }: Shown) {
  const name = varying.includes(place.get("slice") ?? "") ? place.get("slice")! : varying[0];
  // Numbers where they are, on a logarithmic axis where they span much; anything else side by side.
  const axis = useMemo(() => (name ? axisOf(name, valuesOf(table, name)) : null), [table, name]);
  const series = useMemo(() => {
    if (!name || !axis) return [];
    const points = valuesOf(table, name)
      .map(
        (x, i) =>
          [
            axis.kind === "category" ? axis.at[i]! * Math.max(1, axis.categories.length - 1) : (x as number | null),
            (table.columns.value as number[])[i]!,
          ] as const,
      )
      .filter((point): point is readonly [number, number] => point[0] !== null && !Number.isNaN(point[0]))
      .sort((a, b) => a[0] - b[0]);
    return [{ label: sweep.metric, x: points.map((point) => point[0]), y: points.map((point) => point[1]) }];
  }, [table, name, axis]);
  if (!name || !axis) return <Empty>No parameter varies.</Empty>;
  const x = series[0]!.x;
  const log = axis.kind !== "category" && x.length > 0 && x[0]! > 0 && x[x.length - 1]! / x[0]! >= 50;
  const text = (value: number) =>
    axis.kind === "category" ? (Number.isInteger(value) ? valueText(axis.categories[value] ?? "") : "") : number(value);
  return (
    <>
      <div class="tools">
        <Choice label="parameter" value={name} names={varying} onChange={(to) => put({ slice: to })} />
      </div>
      <Plot
        key={name}
        series={series}
        kind="points"
        x={name}
        y={sweep.metric}
        logX={log}
        height={260}
        text={(value) => metricText(sweep.metric, value)}
        textX={text}
        summary={
          axis.kind === "category"
            ? `${count(x.length)} trials; ${name} is one of ${axis.categories.map(valueText).join(", ")}.`
            : `${count(x.length)} trials; ${name} from ${number(x[0] ?? NaN)} to ${number(x[x.length - 1] ?? NaN)}.`
        }
      />
    </>
  );
}
