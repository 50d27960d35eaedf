// What custom series are made of, in the library's words.

export interface Place {
  dataIndex: number;
}

export interface Coordinates {
  coord(of: [number, number]): [number, number];
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The rectangle between two corners of the data, in pixels. */
export function between({ coord }: Coordinates, a: [number, number], b: [number, number], gap = 0): Box {
  const [[x0, y0], [x1, y1]] = [coord(a), coord(b)];
  return {
    x: Math.min(x0, x1) + gap,
    y: Math.min(y0, y1) + gap,
    width: Math.max(1, Math.abs(x1 - x0) - 2 * gap),
    height: Math.max(1, Math.abs(y1 - y0) - 2 * gap),
  };
}

/** A curve's stretches without a gap; a point that stands alone is a dot. */
export function stretches(x: number[], y: (number | null)[]): [number, number][][] {
  const found: [number, number][][] = [];
  let open: [number, number][] | null = null;
  x.forEach((at, i) => {
    const value = y[i];
    if (value === null || value === undefined) open = null;
    else if (open) open.push([at, value]);
    else {
      open = [[at, value]];
      found.push(open);
    }
  });
  return found;
}

/** Lines at 45 degrees over a box. */
export function hatching({ x, y, width, height }: Box, step = 6): [number, number, number, number][] {
  const found: [number, number, number, number][] = [];
  for (let d = step; d < width + height; d += step) {
    const [x1, y1] = d <= height ? [0, d] : [d - height, height];
    const [x2, y2] = d <= width ? [d, 0] : [width, d - width];
    found.push([x + x1, y + y1, x + x2, y + y2]);
  }
  return found;
}

/** Text on a coloured cell, dark or light, whichever stands out more. */
export function onColour(rgb: string): string {
  const [r, g, b] = rgb.match(/\d+/g)!.map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#fff" : "#000";
}
