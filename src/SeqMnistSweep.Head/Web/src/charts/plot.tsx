import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { number } from "../format";
import { colour, seriesColour, useThemeVersion } from "./theme";

export interface Series {
  label: string;
  x: number[];
  y: (number | null)[];
}

/** Curves over one axis. Series may have points of their own; `kind` says how a series is drawn. */
export function Plot({
  series,
  x,
  y,
  summary,
  height = 220,
  kind = "line",
  logX,
  logY,
  text = number,
  textX = (value: number) => number(value),
  sync,
}: {
  series: Series[];
  x: string;
  y: string;
  summary: string;
  height?: number;
  kind?: "line" | "step" | "points";
  logX?: boolean;
  logY?: boolean;
  text?: (value: number) => string;
  textX?: (value: number) => string;
  sync?: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const theme = useThemeVersion();
  const [asTable, setAsTable] = useState(false);
  const shape = JSON.stringify([series.map((one) => one.label), x, y, height, kind, logX, logY, theme]);
  const data = joined(series);

  useEffect(() => {
    const target = place.current;
    if (!target || asTable) return;
    const plot = new uPlot(
      options(target.clientWidth, height, series, x, kind, logX === true, logY === true, text, textX, sync),
      data,
      target,
    );
    chart.current = plot;
    target.querySelector("canvas")?.setAttribute("aria-hidden", "true");
    const watch = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height }));
    watch.observe(target);
    return () => {
      watch.disconnect();
      chart.current = null;
      plot.destroy();
    };
  }, [shape, asTable]);

  useEffect(() => chart.current?.setData(data), [series]);

  return (
    <figure class="plot">
      <figcaption>
        <span>
          {y} <span class="dim">by {x}</span>
        </span>
        <button type="button" class="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "as picture" : "as table"}
        </button>
      </figcaption>
      {asTable ? (
        <PointTable data={data} series={series} x={x} text={text} textX={textX} />
      ) : (
        <div ref={place} role="img" aria-label={summary} />
      )}
      <p class="summary">{summary}</p>
    </figure>
  );
}

/** One list of positions for all series, with gaps where a series has no point. */
function joined(series: Series[]): uPlot.AlignedData {
  if (series.length === 1) return [series[0]!.x, series[0]!.y];
  const xs = [...new Set(series.flatMap((one) => one.x))].sort((a, b) => a - b);
  return [
    xs,
    ...series.map((one) => {
      const byX = new Map(one.x.map((at, i) => [at, one.y[i] ?? null]));
      // No point of this series here is undefined, which a line goes over; a value that is missing is null, which breaks it.
      return xs.map((at) => (byX.has(at) ? byX.get(at)! : undefined)) as (number | null)[];
    }),
  ];
}

function options(
  width: number,
  height: number,
  series: Series[],
  x: string,
  kind: string,
  logX: boolean,
  logY: boolean,
  text: (value: number) => string,
  textX: (value: number) => string,
  sync?: string,
): uPlot.Options {
  const axis = {
    stroke: colour("dim"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { stroke: colour("line"), width: 1, size: 4 },
    font: "11px system-ui, sans-serif",
  };
  const paths = kind === "step" ? uPlot.paths.stepped!({ align: 1 }) : kind === "points" ? () => null : undefined;
  const many = series.length > 8;
  const whole = series.every((one) => one.x.every(Number.isInteger));
  return {
    width: Math.max(120, width),
    height,
    legend: { show: !many, live: true },
    cursor: { ...(sync ? { sync: { key: sync } } : {}), points: { size: 6 } },
    scales: {
      x: { time: false, distr: logX ? 3 : 1, ...(kind === "points" ? { range: (_, min, max) => widened(min, max, logX) } : {}) },
      y: { distr: logY ? 3 : 1 },
    },
    axes: [
      {
        ...axis,
        size: 30,
        ...(whole ? { incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000] } : {}),
        values: (_, values) => values.map((value) => (value === null ? "" : textX(value))),
      },
      { ...axis, size: 66, values: (_, values) => values.map((value) => (value === null ? "" : text(value))) },
    ],
    series: [
      { label: x, value: (_, value) => (value === null || value === undefined ? "–" : textX(value)) },
      ...series.map(
        (one, i): uPlot.Series => ({
          label: one.label,
          stroke: seriesColour(i),
          width: many ? 1 : 1.75,
          ...(paths ? { paths: paths as uPlot.Series.PathBuilder } : {}),
          points: { show: kind === "points" || one.x.length < 3, size: kind === "points" ? 5 : 6, fill: seriesColour(i) },
          value: (_, value) => (value === null || value === undefined ? "–" : text(value)),
        }),
      ),
    ],
  };
}

/** A range beyond the points: of several at the end of the scale only the first would be drawn. */
export function widened(min: number, max: number, log: boolean): [number, number] {
  if (log) return [min / 1.1, max * 1.1];
  const more = (max - min) * 0.03 || 0.5;
  return [min - more, max + more];
}

const MostRows = 500;

function PointTable({
  data,
  series,
  x,
  text,
  textX,
}: {
  data: uPlot.AlignedData;
  series: Series[];
  x: string;
  text: (value: number) => string;
  textX: (value: number) => string;
}) {
  const rows = data[0].length;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="points of the chart">
      <table>
        <thead>
          <tr>
            <th scope="col">{x}</th>
            {series.map((one) => (
              <th scope="col" class="num" key={one.label}>
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: Math.min(rows, MostRows) }, (_, i) => (
            <tr key={i}>
              <td class="num">{textX(data[0][i]!)}</td>
              {series.map((one, s) => {
                const value = data[s + 1]![i];
                return (
                  <td class="num" key={one.label}>
                    {value === null || value === undefined ? "–" : text(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows > MostRows ? (
        <p class="dim">
          the first {MostRows} of {rows} points
        </p>
      ) : null}
    </div>
  );
}

/** The last values of a metric as a line the height of the text. */
export function Spark({ values, label }: { values: (number | null)[]; label: string }) {
  const points = values.map((value, i) => [i, value] as const).filter((point): point is readonly [number, number] => point[1] !== null);
  if (points.length < 2)
    return (
      <span class="dim spark" aria-label={label}>
        {points.length === 0 ? "no epoch yet" : "1 epoch"}
      </span>
    );
  const ys = points.map(([, value]) => value);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const path = points
    .map(
      ([i, value], n) =>
        `${n === 0 ? "M" : "L"}${((96 * i) / (values.length - 1) + 2).toFixed(1)} ${(high === low ? 10 : 18 - (16 * (value - low)) / (high - low)).toFixed(1)}`,
    )
    .join("");
  return (
    <svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label={label}>
      <path d={path} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
