import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Axis, type Brush, inside } from "./axes";
import { useBrush } from "./brush";
import { prepare, useWidth } from "./canvas";
import { drawAxes, drawLines, pixel } from "./parallel-drawing";
import { Height, nearestLine, scalesOf, ticks } from "./parallel-scales";
import type { Tip } from "./picture";
import { Raster } from "./raster";
import { useThemeVersion } from "./theme";
import { tipElement } from "./tip";

/**
 * One line per trial through an axis per parameter. Drag along an axis to keep a stretch of it, drag its name to move it; BrushFields does
 * the same by keyboard.
 */
export function Parallel({
  axes,
  colours,
  brush,
  onBrush,
  order,
  onOrder,
  chosen,
  onChoose,
  tip,
  label,
  onDrawn,
}: {
  axes: Axis[];
  /** 0 to 1 for every line, the best at 1; NaN without a value. */
  colours: Float64Array;
  brush: Brush;
  onBrush(brush: Brush): void;
  order: string[];
  onOrder(order: string[]): void;
  /** Positions of selected lines. */
  chosen: number[];
  onChoose(line: number): void;
  tip(line: number): Tip;
  label: string;
  onDrawn?(milliseconds: number): void;
}) {
  const lines = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const theme = useThemeVersion();
  const shown = order.map((name) => axes.find((axis) => axis.name === name)).filter((axis): axis is Axis => axis !== undefined);
  const scales = scalesOf(shown.length, width);
  const choose = (x: number, place: number) => {
    const line = nearestLine(shown, brush, x, place, scales);
    if (line !== null) onChoose(line);
  };
  const [under, setUnder] = useState<{ line: number; x: number; y: number } | null>(null);
  const hover = (at: { x: number; y: number; place: number } | null) => {
    const line = at && nearestLine(shown, brush, at.x, at.place, scales);
    setUnder(at && line !== null ? { line, x: at.x, y: at.y } : null);
  };
  const { dragged, ...handlers } = useBrush({ shown, scales, brush, onBrush, order, onOrder, choose, hover });

  // All lines are drawn once; a brush draws what it keeps over their shadows, while it is dragged too.
  const all = useRef<{ of: unknown[]; lines: Raster; faint: Raster | null } | null>(null);
  const kept = JSON.stringify(dragged);
  useLayoutEffect(() => {
    if (width === 0 || shown.length === 0) return;
    const start = performance.now();
    const draw = prepare(lines.current!, width, Height);
    const of = [axes, colours, order, width, theme];
    if (!all.current?.of.every((part, i) => part === of[i])) {
      const surface = new Raster(draw.canvas.width, draw.canvas.height, pixel("surface"));
      all.current = { of, lines: drawLines(surface, shown, scales, colours, null), faint: null };
    }
    if (Object.keys(dragged).length === 0) all.current.lines.show(draw);
    else {
      all.current.faint ??= all.current.lines.faded(pixel("surface"));
      drawLines(all.current.faint.copy(), shown, scales, colours, inside(axes, dragged, colours.length)).show(draw);
    }
    // What tests read, beside the pixels.
    const places = shown.map((axis, i) => ({
      name: axis.name,
      x: scales.x(i),
      labels: ticks(axis).map(([at, text]) => [scales.y(at), text]),
    }));
    Object.assign(box.current!, { drawn: { axes: places, lines: colours.length } });
    onDrawn?.(performance.now() - start);
  }, [axes, colours, kept, order, width, theme]);

  useLayoutEffect(() => {
    if (width > 0) drawAxes(over.current!, width, shown, dragged, chosen, under?.line ?? null, scales);
  }, [axes, kept, order, width, theme, chosen, under?.line]);

  return (
    <div class="wide" tabIndex={0} role="region" aria-label="the axes">
      <div
        class="parallel"
        ref={(element) => {
          box.current = element;
          // Names keep their room on a narrow screen: then one scrolls from axis to axis.
          if (element) element.style.minWidth = `${shown.length * 84}px`;
        }}
      >
        <canvas ref={lines} class="full" role="img" aria-label={label} />
        <canvas ref={over} class="full over" aria-hidden="true" {...handlers} />
        {under ? (
          <div
            class="beside"
            aria-hidden="true"
            key={under.line}
            ref={(element) => {
              if (element) beside(element, under, width, tip(under.line));
            }}
          />
        ) : null}
      </div>
    </div>
  );
}

/** On the side of the pointer where there is room. */
function beside(element: HTMLElement, { x, y }: { x: number; y: number }, width: number, tip: Tip): void {
  element.replaceChildren(tipElement(tip));
  Object.assign(element.style, x < width / 2 ? { left: `${x + 16}px`, right: "" } : { right: `${width - x + 16}px`, left: "" });
  element.style.top = `${Math.max(0, Math.min(y, Height - element.offsetHeight))}px`;
}

/** The lines and what lies over them, as one picture. */
export function parallelPicture(figure: Element): HTMLCanvasElement {
  const layers = [...figure.querySelectorAll<HTMLCanvasElement>(".parallel canvas")];
  const whole = document.createElement("canvas");
  [whole.width, whole.height] = [layers[0]!.width, layers[0]!.height];
  const draw = whole.getContext("2d")!;
  for (const layer of layers) draw.drawImage(layer, 0, 0);
  return whole;
}
