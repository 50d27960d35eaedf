import { useEffect, useRef, useState } from "preact/hooks";
import { type CurveDensity, query } from "../api";
import { useData } from "../data";
import { count, metricText } from "../format";
import { Empty, Ready } from "../parts/basics";
import { prepare, useWidth } from "./canvas";
import { colour, useThemeVersion, viridis } from "./theme";

const Height = 240;
const [Left, Right, Top, Bottom] = [66, 8, 8, 26];

/** All curves of a sweep at once: the more of them pass, the brighter; a line through the median of every epoch. */
export function Density({ sweep, metric, version }: { sweep: string; metric: string; version: unknown }) {
  const answer = useData<CurveDensity>(`sweeps/${sweep}/density${query({ metric, columns: 200, rows: 60 })}`, version);
  return (
    <Ready of={answer} what="the curves">
      {(density) => (density.columns.length === 0 ? <Empty>No epoch has a finite {metric} yet.</Empty> : <Picture density={density} />)}
    </Ready>
  );
}

function Picture({ density }: { density: CurveDensity }) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [asTable, setAsTable] = useState(false);
  const width = useWidth(place, asTable);
  const theme = useThemeVersion();
  const { metric, columns, curves, of } = density;
  const [first, last] = [columns[0]!, columns[columns.length - 1]!];
  const summary = `${curves < of ? `Every ${Math.round(of / curves)}th of ${count(of)} curves` : `${count(curves)} curves`} of ${metric}: the median goes from ${metricText(metric, first.median)} at epoch ${first.from} to ${metricText(metric, last.median)} at epoch ${last.to}, where four fifths lie between ${metricText(metric, last.p10)} and ${metricText(metric, last.p90)}.`;

  useEffect(() => {
    if (canvas.current && width > 0) paint(canvas.current, width, density);
  }, [density, width, theme, asTable]);

  return (
    <figure class="plot">
      <figcaption>
        <span>
          {metric} <span class="dim">by epoch, bright where many curves pass; the line is the median</span>
        </span>
        <button type="button" class="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "as picture" : "as table"}
        </button>
      </figcaption>
      {asTable ? (
        <div class="scroll" tabIndex={0} role="region" aria-label="values by epoch">
          <table>
            <thead>
              <tr>
                <th scope="col">epoch</th>
                <th scope="col" class="num">
                  values
                </th>
                <th scope="col" class="num">
                  lowest tenth
                </th>
                <th scope="col" class="num">
                  median
                </th>
                <th scope="col" class="num">
                  highest tenth
                </th>
              </tr>
            </thead>
            <tbody>
              {columns.map((one) => (
                <tr key={one.from}>
                  <td>{one.from === one.to ? one.from : `${one.from} to ${one.to}`}</td>
                  <td class="num">{count(one.counts.reduce((a, b) => a + b, 0))}</td>
                  <td class="num">{metricText(metric, one.p10)}</td>
                  <td class="num">{metricText(metric, one.median)}</td>
                  <td class="num">{metricText(metric, one.p90)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <div ref={place}>
          <canvas class="full density" ref={canvas} role="img" aria-label={summary} />
        </div>
      )}
      <p class="summary">{summary}</p>
    </figure>
  );
}

function paint(canvas: HTMLCanvasElement, width: number, { metric, low, high, rows, columns }: CurveDensity): void {
  const draw = prepare(canvas, width, Height);
  const last = columns[columns.length - 1]!.to;
  const x = (epoch: number) => Left + ((width - Left - Right) * (epoch - 1)) / last;
  const y = (share: number) => Height - Bottom - (Height - Top - Bottom) * Math.min(1, Math.max(0, share));
  const most = Math.log1p(columns.reduce((a, column) => Math.max(a, ...column.counts), 1));
  for (const column of columns) {
    const [from, to] = [x(column.from), x(column.to + 1)];
    column.counts.forEach((passing, row) => {
      if (passing === 0) return;
      draw.fillStyle = viridis(Math.log1p(passing) / most);
      const top = y((row + 1) / rows);
      // Half a pixel more on every side: no seams between cells.
      draw.fillRect(from - 0.5, top - 0.5, to - from + 1, y(row / rows) - top + 1);
    });
  }
  const middle = columns.map(
    (column) => [(x(column.from) + x(column.to + 1)) / 2, y(high > low ? (column.median - low) / (high - low) : 0.5)] as const,
  );
  for (const [style, wide] of [
    [colour("surface"), 4],
    [colour("accent"), 2],
  ] as const) {
    draw.strokeStyle = style;
    draw.lineWidth = wide;
    draw.beginPath();
    for (const [a, b] of middle) draw.lineTo(a, b);
    draw.stroke();
  }
  draw.fillStyle = colour("dim");
  draw.font = "11px system-ui, sans-serif";
  draw.textAlign = "right";
  draw.textBaseline = "middle";
  for (const share of [0, 0.25, 0.5, 0.75, 1])
    draw.fillText(metricText(metric, low + (high - low) * share), Left - 6, Math.min(Height - Bottom - 5, Math.max(Top + 5, y(share))));
  draw.textAlign = "center";
  const step = Math.max(1, Math.ceil(last / 10));
  for (let epoch = 1; epoch <= last; epoch += step) draw.fillText(String(epoch), (x(epoch) + x(epoch + 1)) / 2, Height - Bottom / 2);
}
