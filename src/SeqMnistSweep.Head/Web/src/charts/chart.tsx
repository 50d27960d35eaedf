import type { ECharts, EChartsCoreOption } from "echarts/core";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { number } from "../format";
import { go } from "../route";
import type { At, Cell, Logs, Look, Picture, Tip } from "./picture";
import { csv } from "./picture";
import { lookNow, useThemeVersion } from "./theme";

/**
 * A picture with its axes' scales, its table, its downloads and its words. The drawn element carries the library's instance as `chart`:
 * what tests read.
 * @param name Of the element and of the files.
 */
export function Chart({
  name,
  title,
  by,
  summary,
  picture,
  height = 260,
}: {
  name: string;
  title: string;
  by?: string;
  summary: string;
  picture: Picture;
  height?: number;
}) {
  const [asTable, setAsTable] = useState(false);
  const [chosen, setChosen] = useState<Partial<Logs>>({});
  const [zoomed, setZoomed] = useState(false);
  const chart = useRef<ECharts | null>(null);
  const logs = {
    x: picture.log?.x !== undefined && (chosen.x ?? picture.log.x),
    y: picture.log?.y !== undefined && (chosen.y ?? picture.log.y),
  };
  const unzoom = () => {
    for (const axis of [0, 1]) chart.current?.dispatchAction({ type: "dataZoom", dataZoomIndex: axis, start: 0, end: 100 });
    setZoomed(false);
  };
  return (
    <figure class="plot" data-chart={name}>
      <figcaption>
        <span>
          {title} {by ? <span class="dim">by {by}</span> : null}
        </span>
        <span class="acts">
          {zoomed ? <Act name="zoom out" onClick={unzoom} /> : null}
          {(["x", "y"] as const).map((side) =>
            picture.log?.[side] === undefined || asTable ? null : (
              <Act key={side} name={`log ${side}`} pressed={logs[side]} onClick={() => setChosen({ ...chosen, [side]: !logs[side] })} />
            ),
          )}
          {asTable ? null : <Downloads name={name} picture={picture} logs={logs} chart={chart} />}
          <Act name={asTable ? "as picture" : "as table"} pressed={asTable} onClick={() => setAsTable(!asTable)} />
        </span>
      </figcaption>
      {asTable ? (
        <RowsTable picture={picture} />
      ) : (
        <Drawn picture={picture} logs={logs} height={height} label={summary} chart={chart} onZoom={setZoomed} unzoom={unzoom} />
      )}
      <p class="summary">{summary}</p>
    </figure>
  );
}

const Act = ({ name, pressed, onClick }: { name: string; pressed?: boolean; onClick(): void }) => (
  <button type="button" class="quiet" aria-pressed={pressed} onClick={onClick}>
    {name}
  </button>
);

function Drawn({
  picture,
  logs,
  height,
  label,
  chart,
  onZoom,
  unzoom,
}: {
  picture: Picture;
  logs: Logs;
  height: number;
  label: string;
  chart: { current: ECharts | null };
  onZoom(zoomed: boolean): void;
  unzoom(): void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(picture);
  latest.current = picture;
  const theme = useThemeVersion();
  const option = useMemo(() => whole(picture, logs, lookNow(), latest), [picture, logs.x, logs.y, theme]);
  const draw = useRef(() => {});
  draw.current = () => {
    chart.current?.setOption(option, { replaceMerge: ["xAxis", "yAxis", "series", "visualMap", "legend"] });
    // A drag zooms; fingers scroll the page instead.
    if (picture.zoom && matchMedia("(pointer: fine)").matches)
      chart.current?.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
    place.current?.setAttribute("data-ready", "");
  };
  useEffect(() => {
    const target = place.current!;
    let gone = false;
    let watch: ResizeObserver | null = null;
    void import("./library").then(({ init }) => {
      if (gone) return;
      const made = init(target, null, { renderer: "canvas" });
      chart.current = made;
      Object.assign(target, { chart: made });
      made.on("click", (event) => {
        const to = latest.current.link?.(atOf(event));
        if (to) go(to);
      });
      made.on("datazoom", () => onZoom(true));
      made.getZr().on("dblclick", unzoom);
      draw.current();
      watch = new ResizeObserver(() => made.resize());
      watch.observe(target);
    });
    return () => {
      gone = true;
      watch?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => draw.current(), [option]);
  useEffect(() => chart.current?.resize(), [height]);
  return <div ref={sized(place, height)} class="drawn" role="img" aria-label={label} />;
}

/** A style attribute would break the page's policy. */
const sized = (place: { current: HTMLDivElement | null }, height: number) => (element: HTMLDivElement | null) => {
  place.current = element;
  if (element) element.style.height = `${height}px`;
};

const atOf = (event: unknown): At => {
  const { seriesIndex, dataIndex } = event as { seriesIndex?: number; dataIndex?: number };
  return { series: seriesIndex ?? -1, item: dataIndex ?? -1 };
};

function whole(picture: Picture, logs: Logs, look: Look, latest: { current: Picture }): EChartsCoreOption {
  const formatter = (under: unknown) => tipElement(latest.current.tip?.((Array.isArray(under) ? under : [under]).map(atOf)) ?? null);
  return {
    animation: false,
    ...picture.option(look, logs),
    ...(picture.tip
      ? {
          tooltip: {
            trigger: picture.tipBy === "x" ? "axis" : "item",
            confine: true,
            transitionDuration: 0,
            backgroundColor: look.raised,
            borderColor: look.line,
            textStyle: { color: look.text, fontSize: 12, fontFamily: "system-ui, sans-serif" },
            axisPointer: { lineStyle: { color: look.dim } },
            formatter,
          },
        }
      : {}),
    ...(picture.zoom
      ? {
          toolbox: {
            top: -100,
            feature: { dataZoom: { filterMode: "none", brushStyle: { color: look.accent, opacity: 0.18, borderWidth: 0 } } },
          },
        }
      : {}),
  };
}

/** Texts only: a parameter's value may be anything. */
function tipElement(tip: Tip | null): HTMLElement | string {
  if (!tip) return "";
  const element = document.createElement("div");
  element.className = "tip";
  const title = document.createElement("strong");
  title.textContent = tip.title;
  element.append(title);
  for (const [name, value] of tip.lines.slice(0, MostLines)) {
    const line = document.createElement("div");
    const label = document.createElement("span");
    label.textContent = name;
    line.append(label, value);
    element.append(line);
  }
  return element;
}

const MostLines = 24;

function Downloads({ name, picture, logs, chart }: { name: string; picture: Picture; logs: Logs; chart: { current: ECharts | null } }) {
  const size = (drawn: ECharts) => [drawn.getWidth(), drawn.getHeight()] as const;
  const png = (drawn: ECharts) =>
    drawn
      .renderToCanvas({ pixelRatio: 2, backgroundColor: lookNow().surface })
      .toBlob((blob: Blob | null) => blob && save(`${name}.png`, blob));
  const vector = async (drawn: ECharts) => {
    const { svg } = await import("./vector");
    const look = lookNow();
    save(`${name}.svg`, new Blob([svg(picture.option(look, logs), ...size(drawn), look.surface)], { type: "image/svg+xml" }));
  };
  const drawn = (act: (chart: ECharts) => unknown) => () => chart.current && void act(chart.current);
  return (
    <>
      <Act name="PNG" onClick={drawn(png)} />
      <Act name="SVG" onClick={drawn(vector)} />
      <Act name="CSV" onClick={() => save(`${name}.csv`, new Blob([csv(picture)], { type: "text/csv" }))} />
    </>
  );
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const MostRows = 500;

const textOf = (cell: Cell) =>
  cell === null || cell === undefined || cell === "" ? "–" : typeof cell === "number" ? number(cell) : String(cell);

function RowsTable({ picture: { columns, rows, rowLink } }: { picture: Picture }) {
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
