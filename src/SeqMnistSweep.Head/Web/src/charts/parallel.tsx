import { useEffect, useRef, useState } from "preact/hooks";
import { number, valueText } from "../format";
import { inside, placeOf, valueAt, type Axis, type Brush } from "./axes";
import { pixelOf, Raster, type Pixel } from "./raster";
import { colour, useThemeVersion, viridis } from "./theme";

// Lines of a colour are drawn together, from the worst to the best.
const Colours = 24;
const Height = 380;
const [Top, Bottom, Side] = [40, 26, 56];
// A drag that is shorter takes the brush away.
const Shortest = 0.01;

/** One line per trial through an axis per parameter. Drag along an axis to keep a stretch of it, drag its name to move it; the fields below do the same by keyboard. */
export function Parallel({ axes, colours, brush, onBrush, order, onOrder, chosen, onChoose, label, onDrawn }: {
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
  label: string;
  onDrawn?(milliseconds: number): void;
}) {
  const lines = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [drag, setDrag] = useState<{ axis: string; from: number; to: number } | { move: string } | null>(null);
  const theme = useThemeVersion();
  const shown = order.map((name) => axes.find((axis) => axis.name === name)).filter((axis): axis is Axis => axis !== undefined);
  const x = (i: number) => (shown.length === 1 ? width / 2 : Side + ((width - 2 * Side) * i) / (shown.length - 1));
  const y = (at: number) => Height - Bottom - (Height - Top - Bottom) * at;

  useEffect(() => {
    const watch = new ResizeObserver(() => setWidth(box.current!.clientWidth));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);

  // All lines are drawn once; a brush draws what it keeps over their shadows, while it is dragged too.
  const all = useRef<{ of: unknown[]; lines: Raster; faint: Raster | null } | null>(null);
  const dragged: Brush = drag && "axis" in drag && Math.abs(drag.to - drag.from) >= Shortest ? { ...brush, [drag.axis]: [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)] } : brush;
  const kept = JSON.stringify(dragged);
  useEffect(() => {
    if (width === 0 || shown.length === 0) return;
    const start = performance.now();
    const draw = prepare(lines.current!, width);
    const ratio = devicePixelRatio;
    const place = { axes: shown, x: shown.map((_, i) => x(i) * ratio), y: (at: number) => y(at) * ratio };
    const of = [axes, colours, order, width, theme];
    if (!all.current?.of.every((part, i) => part === of[i])) {
      all.current = { of, lines: drawLines(new Raster(draw.canvas.width, draw.canvas.height, pixel("surface")), place, colours, null), faint: null };
    }
    if (Object.keys(dragged).length === 0) all.current.lines.show(draw);
    else {
      all.current.faint ??= all.current.lines.faded(pixel("surface"));
      drawLines(all.current.faint.copy(), place, colours, inside(axes, dragged, colours.length)).show(draw);
    }
    onDrawn?.(performance.now() - start);
  }, [axes, colours, kept, order, width, theme]);

  useEffect(() => {
    if (width === 0) return;
    drawAxes(over.current!, width, shown, brush, drag && "axis" in drag ? drag : null, chosen, x, y);
  }, [axes, brush, order, width, theme, drag, chosen]);

  const at = (event: PointerEvent) => {
    const rect = over.current!.getBoundingClientRect();
    const [px, py] = [event.clientX - rect.left, event.clientY - rect.top];
    const i = shown.reduce((best, _, k) => (Math.abs(x(k) - px) < Math.abs(x(best) - px) ? k : best), 0);
    return { px, py, axis: shown[i]!, near: Math.abs(x(i) - px) < 26, place: Math.min(1, Math.max(0, (Height - Bottom - py) / (Height - Top - Bottom))) };
  };
  const down = (event: PointerEvent) => {
    const { axis, near, py, place } = at(event);
    if (!near) return;
    (event.target as Element).setPointerCapture(event.pointerId);
    setDrag(py < Top - 8 ? { move: axis.name } : { axis: axis.name, from: place, to: place });
  };
  const move = (event: PointerEvent) => {
    if (!drag) return;
    const here = at(event);
    if ("axis" in drag) setDrag({ ...drag, to: here.place });
    else if (here.axis.name !== drag.move) {
      const rest = order.filter((name) => name !== drag.move);
      rest.splice(order.indexOf(here.axis.name), 0, drag.move);
      onOrder(rest);
    }
  };
  const up = (event: PointerEvent) => {
    if (!drag) {
      const { px, place } = at(event);
      const line = nearestLine(shown, brush, px, place, x);
      if (line !== null) onChoose(line);
      return;
    }
    if ("axis" in drag) {
      const next = { ...brush };
      if (Math.abs(drag.to - drag.from) < Shortest) delete next[drag.axis];
      else next[drag.axis] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      onBrush(next);
    }
    setDrag(null);
  };

  return (
    <div class="parallel" ref={box}>
      <canvas ref={lines} class="full" role="img" aria-label={label} />
      <canvas ref={over} class="full over" aria-hidden="true" onPointerDown={down} onPointerMove={move} onPointerUp={up} />
    </div>
  );
}

function prepare(canvas: HTMLCanvasElement, width: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(Height * ratio);
  canvas.style.height = `${Height}px`;
  const draw = canvas.getContext("2d")!;
  draw.scale(ratio, ratio);
  return draw;
}

const pixel = (name: string) => pixelIn(colour(name));

/** Any colour that a style may name, as a pixel. */
function pixelIn(style: string): Pixel {
  const draw = new OffscreenCanvas(1, 1).getContext("2d")!;
  draw.fillStyle = style;
  draw.fillRect(0, 0, 1, 1);
  const [red, green, blue] = draw.getImageData(0, 0, 1, 1).data;
  return pixelOf(red!, green!, blue!);
}

interface Place {
  axes: Axis[];
  x: number[];
  y: (at: number) => number;
}

/** @param kept 1 for the lines to draw, or all. */
function drawLines(raster: Raster, { axes, x, y }: Place, colours: Float64Array, kept: Uint8Array | null): Raster {
  const buckets: number[][] = Array.from({ length: Colours + 1 }, () => []);
  for (let i = 0; i < colours.length; i++) {
    if (!kept || kept[i]) buckets[Number.isNaN(colours[i]!) ? 0 : 1 + Math.min(Colours - 1, Math.floor(colours[i]! * Colours))]!.push(i);
  }
  const styles = buckets.map((_, bucket) => (bucket === 0 ? pixel("dim") : pixelIn(viridis((bucket - 0.5) / Colours))));
  const heights = axes.map((axis) => Float32Array.from(axis.at, y));
  const alpha = colours.length > 2000 ? 150 : 210;
  const thick = Math.max(1, Math.round(devicePixelRatio * (colours.length > 500 ? 1 : 1.4)));
  // Of lines over the same pixels the best alone is seen: drawn over each other they would only lose their smooth edges.
  const taken = new Uint8Array(raster.height * raster.height);
  for (let a = 1; a < axes.length; a++) {
    const [from, to] = [heights[a - 1]!, heights[a]!];
    const drawn: number[][] = buckets.map(() => []);
    taken.fill(0);
    for (let bucket = Colours; bucket >= 0; bucket--) {
      for (const line of buckets[bucket]!) {
        if (Number.isNaN(from[line]!) || Number.isNaN(to[line]!)) continue;
        const way = Math.round(from[line]!) * raster.height + Math.round(to[line]!);
        if (taken[way]) continue;
        taken[way] = 1;
        drawn[bucket]!.push(line);
      }
    }
    drawn.forEach((lines, bucket) => lines.forEach((line) => raster.line(x[a - 1]!, from[line]!, x[a]!, to[line]!, styles[bucket]!, alpha, thick)));
  }
  return raster;
}

function drawAxes(canvas: HTMLCanvasElement, width: number, axes: Axis[], brush: Brush, drag: { axis: string; from: number; to: number } | null, chosen: number[], x: (i: number) => number, y: (at: number) => number): void {
  const draw = prepare(canvas, width);
  draw.font = "11px system-ui, sans-serif";
  draw.textAlign = "center";
  draw.lineWidth = 2.5;
  draw.strokeStyle = colour("accent");
  for (const line of chosen) {
    draw.beginPath();
    axes.forEach((axis, a) => { if (!Number.isNaN(axis.at[line]!)) draw.lineTo(x(a), y(axis.at[line]!)); });
    draw.stroke();
  }
  const room = axes.length > 1 ? (width - 2 * Side) / (axes.length - 1) - 6 : width;
  axes.forEach((axis, i) => {
    const at = x(i);
    draw.strokeStyle = colour("dim");
    draw.lineWidth = 1;
    draw.beginPath();
    draw.moveTo(at, y(0));
    draw.lineTo(at, y(1));
    draw.stroke();
    draw.fillStyle = colour("text");
    draw.font = "600 12px system-ui, sans-serif";
    draw.fillText(fit(draw, axis.name, Math.max(room, 60)), at, 14);
    draw.font = "11px system-ui, sans-serif";
    const range = drag?.axis === axis.name ? [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)] as const : brush[axis.name];
    if (range) {
      draw.fillStyle = colour("accent");
      draw.globalAlpha = 0.25;
      draw.fillRect(at - 8, y(range[1]), 16, Math.max(2, y(range[0]) - y(range[1])));
      draw.globalAlpha = 1;
      draw.strokeStyle = colour("accent");
      draw.strokeRect(at - 8, y(range[1]), 16, Math.max(2, y(range[0]) - y(range[1])));
    }
    for (const [place, text] of ticks(axis)) {
      const wide = draw.measureText(text).width;
      draw.fillStyle = colour("surface");
      draw.globalAlpha = 0.8;
      draw.fillRect(at - wide / 2 - 2, y(place) - 7, wide + 4, 13);
      draw.globalAlpha = 1;
      draw.fillStyle = colour("text");
      draw.fillText(text, at, y(place) + 3);
    }
  });
}

function ticks(axis: Axis): [number, string][] {
  if (axis.kind === "category") {
    const step = Math.ceil(axis.categories.length / 12);
    return axis.categories.map((value, i): [number, string] => [axis.categories.length === 1 ? 0.5 : i / (axis.categories.length - 1), valueText(value)]).filter((_, i) => i % step === 0);
  }
  if (axis.high === axis.low) return [[0.5, number(axis.low, 4)]];
  if (axis.few) return axis.few.map((value) => [placeOf(axis, value), number(value, 3)]);
  return [0, 0.25, 0.5, 0.75, 1].map((place) => [place, number(valueAt(axis, place), 3)]);
}

function fit(draw: CanvasRenderingContext2D, text: string, width: number): string {
  if (draw.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && draw.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}

/** The line under the pointer, between two axes. */
function nearestLine(axes: Axis[], brush: Brush, px: number, place: number, x: (i: number) => number): number | null {
  if (axes.length < 2) return null;
  const kept = inside(axes, brush, axes[0]!.at.length);
  const left = Math.max(0, Math.min(axes.length - 2, axes.findIndex((_, i) => i === axes.length - 1 || x(i + 1) > px)));
  const share = (px - x(left)) / (x(left + 1) - x(left));
  let [best, distance] = [-1, 0.02];
  for (let i = 0; i < kept.length; i++) {
    if (!kept[i]) continue;
    const there = Math.abs(axes[left]!.at[i]! * (1 - share) + axes[left + 1]!.at[i]! * share - place);
    if (there < distance) [best, distance] = [i, there];
  }
  return best < 0 ? null : best;
}

/** Every stretch as two fields, for who has no pointer. */
export function BrushFields({ axes, brush, onBrush, order, onOrder, kinds, onKind }: {
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
      <thead><tr><th scope="col">axis</th><th scope="col">scale</th><th scope="col">from</th><th scope="col">to</th><th scope="col">place</th></tr></thead>
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
          const field = (end: 0 | 1, word: string) => axis.kind === "category" ? (
            <select aria-label={`${name} ${word}`} value={range ? Math.round(range[end] * Math.max(1, axis.categories.length - 1)) : end === 0 ? 0 : axis.categories.length - 1} onChange={(event) => set(end, event.currentTarget.value)}>
              {axis.categories.map((value, i) => <option key={i} value={i}>{valueText(value)}</option>)}
            </select>
          ) : (
            <input type="number" step="any" aria-label={`${name} ${word}`} value={range ? number(valueAt(axis, range[end]), 4) : ""} placeholder={number(end === 0 ? axis.low : axis.high, 4)} onChange={(event) => set(end, event.currentTarget.value)} />
          );
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td><select aria-label={`scale of ${name}`} value={kinds[name] ?? axis.kind} onChange={(event) => onKind(name, event.currentTarget.value as Axis["kind"])}><option>linear</option><option>log</option><option>category</option></select></td>
              <td>{field(0, "from")}</td><td>{field(1, "to")}</td>
              <td><button type="button" aria-label={`${name} to the left`} onClick={() => swap(name, -1)}>←</button> <button type="button" aria-label={`${name} to the right`} onClick={() => swap(name, 1)}>→</button></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
