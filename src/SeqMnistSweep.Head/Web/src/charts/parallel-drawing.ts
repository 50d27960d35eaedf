import { type Axis, type Brush, hasMissing, placeOn } from "./axes";
import { prepare } from "./canvas";
import { Height, type Scales, ticks } from "./parallel-scales";
import { type Pixel, pixelOf, type Raster } from "./raster";
import { colour, viridis } from "./theme";

// Lines of a colour are drawn together, from the worst to the best.
const Colours = 24;

export const pixel = (name: string) => pixelIn(colour(name));

/** Any colour that a style may name, as a pixel. */
function pixelIn(style: string): Pixel {
  const draw = new OffscreenCanvas(1, 1).getContext("2d")!;
  draw.fillStyle = style;
  draw.fillRect(0, 0, 1, 1);
  const [red, green, blue] = draw.getImageData(0, 0, 1, 1).data;
  return pixelOf(red!, green!, blue!);
}

/**
 * @param colours 0 to 1 for every line, the best at 1; NaN without a value.
 * @param kept 1 for the lines to draw, or all.
 */
export function drawLines(raster: Raster, axes: Axis[], { x, y }: Scales, colours: Float64Array, kept: Uint8Array | null): Raster {
  const buckets: number[][] = Array.from({ length: Colours + 1 }, () => []);
  for (let i = 0; i < colours.length; i++) {
    if (!kept || kept[i]) buckets[Number.isNaN(colours[i]!) ? 0 : 1 + Math.min(Colours - 1, Math.floor(colours[i]! * Colours))]!.push(i);
  }
  const styles = buckets.map((_, bucket) => (bucket === 0 ? pixel("dim") : pixelIn(viridis((bucket - 0.5) / Colours))));
  const ratio = devicePixelRatio;
  const across = axes.map((_, i) => x(i) * ratio);
  const heights = axes.map((axis) => Float32Array.from(axis.at, (place) => y(placeOn(place)) * ratio));
  const alpha = colours.length > 2000 ? 150 : 210;
  const thick = Math.max(1, Math.round(ratio * (colours.length > 500 ? 1 : 1.4)));
  // Of lines over the same pixels the best alone is seen: drawn over each other they would only lose their smooth edges.
  const taken = new Uint8Array(raster.height * raster.height);
  for (let a = 1; a < axes.length; a++) {
    const [from, to] = [heights[a - 1]!, heights[a]!];
    const drawn: number[][] = buckets.map(() => []);
    taken.fill(0);
    for (let bucket = Colours; bucket >= 0; bucket--) {
      for (const line of buckets[bucket]!) {
        const way = Math.round(from[line]!) * raster.height + Math.round(to[line]!);
        if (taken[way]) continue;
        taken[way] = 1;
        drawn[bucket]!.push(line);
      }
    }
    for (const [bucket, lines] of drawn.entries()) {
      for (const line of lines) raster.line(across[a - 1]!, from[line]!, across[a]!, to[line]!, styles[bucket]!, alpha, thick);
    }
  }
  return raster;
}

/** The axes with their names, labels and brushes, and the lines that are chosen. */
export function drawAxes(
  canvas: HTMLCanvasElement,
  width: number,
  axes: Axis[],
  brush: Brush,
  chosen: number[],
  under: number | null,
  { x, y, room }: Scales,
): void {
  const draw = prepare(canvas, width, Height);
  draw.font = "11px system-ui, sans-serif";
  draw.textAlign = "center";
  draw.lineWidth = 2.5;
  for (const line of under === null ? chosen : [...chosen, under]) {
    draw.strokeStyle = colour(line === under ? "text" : "accent");
    draw.beginPath();
    axes.forEach((axis, a) => void draw.lineTo(x(a), y(placeOn(axis.at[line]!))));
    draw.stroke();
  }
  axes.forEach((axis, i) => {
    const at = x(i);
    draw.strokeStyle = colour("dim");
    draw.lineWidth = 1;
    draw.beginPath();
    draw.moveTo(at, y(0));
    draw.lineTo(at, y(1));
    draw.stroke();
    if (hasMissing(axis)) {
      draw.setLineDash([2, 3]);
      draw.beginPath();
      draw.moveTo(at, y(0));
      draw.lineTo(at, y(placeOn(NaN)));
      draw.stroke();
      draw.setLineDash([]);
    }
    draw.fillStyle = colour("text");
    draw.font = "600 12px system-ui, sans-serif";
    draw.fillText(shortened(draw, axis.name, room), at, 14);
    draw.font = "11px system-ui, sans-serif";
    const range = brush[axis.name];
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

function shortened(draw: CanvasRenderingContext2D, text: string, width: number): string {
  if (draw.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && draw.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}
