import type { ECharts, EChartsCoreOption } from "echarts/core";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { go } from "../route";
import { Act, Figure, save } from "./figure";
import type { At, Logs, Look, Picture } from "./picture";
import { lookNow, useThemeVersion } from "./theme";
import { tipElement } from "./tip";

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
  const [chosen, setChosen] = useState<Partial<Logs>>({});
  const [zoomed, setZoomed] = useState(false);
  const [smooth, setSmooth] = useState(false);
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
    <Figure
      name={name}
      title={title}
      by={by}
      summary={summary}
      rows={picture}
      acts={
        <>
          {zoomed ? <Act name="zoom out" onClick={unzoom} /> : null}
          {(["x", "y"] as const).map((side) =>
            picture.log?.[side] === undefined ? null : (
              <Act key={side} name={`log ${side}`} pressed={logs[side]} onClick={() => setChosen({ ...chosen, [side]: !logs[side] })} />
            ),
          )}
          {picture.smooths ? <Act name="smooth" pressed={smooth} onClick={() => setSmooth(!smooth)} /> : null}
          <Downloads name={name} picture={picture} logs={logs} smooth={smooth} chart={chart} />
        </>
      }
    >
      <Drawn
        picture={picture}
        logs={logs}
        smooth={smooth}
        height={height}
        label={summary}
        chart={chart}
        onZoom={setZoomed}
        unzoom={unzoom}
      />
    </Figure>
  );
}

function Drawn({
  picture,
  logs,
  smooth,
  height,
  label,
  chart,
  onZoom,
  unzoom,
}: {
  picture: Picture;
  logs: Logs;
  smooth: boolean;
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
  const option = useMemo(() => whole(picture, logs, smooth, lookNow(), latest), [picture, logs.x, logs.y, smooth, theme]);
  const draw = useRef(() => {});
  draw.current = () => {
    if (!chart.current) return;
    chart.current.setOption(option, { replaceMerge: ["xAxis", "yAxis", "series", "legend"] });
    // A drag zooms; fingers scroll the page instead.
    if (picture.zoom && matchMedia("(pointer: fine)").matches)
      chart.current.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
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
  useLayoutEffect(() => draw.current(), [option]);
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

function whole(picture: Picture, logs: Logs, smooth: boolean, look: Look, latest: { current: Picture }): EChartsCoreOption {
  const formatter = (under: unknown) => tipElement(latest.current.tip?.((Array.isArray(under) ? under : [under]).map(atOf)) ?? null);
  return {
    animation: false,
    ...picture.option(look, logs, smooth),
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

function Downloads({
  name,
  picture,
  logs,
  smooth,
  chart,
}: {
  name: string;
  picture: Picture;
  logs: Logs;
  smooth: boolean;
  chart: { current: ECharts | null };
}) {
  const size = (drawn: ECharts) => [drawn.getWidth(), drawn.getHeight()] as const;
  const png = (drawn: ECharts) =>
    drawn
      .renderToCanvas({ pixelRatio: 2, backgroundColor: lookNow().surface })
      .toBlob((blob: Blob | null) => blob && save(`${name}.png`, blob));
  const vector = async (drawn: ECharts) => {
    const { svg } = await import("./vector");
    const look = lookNow();
    save(`${name}.svg`, new Blob([svg(picture.option(look, logs, smooth), ...size(drawn), look.surface)], { type: "image/svg+xml" }));
  };
  const drawn = (act: (chart: ECharts) => unknown) => () => chart.current && void act(chart.current);
  return (
    <>
      <Act name="PNG" onClick={drawn(png)} />
      <Act name="SVG" onClick={drawn(vector)} />
    </>
  );
}
