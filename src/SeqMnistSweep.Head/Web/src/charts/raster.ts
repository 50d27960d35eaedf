// Many thin lines as pixels in memory. A canvas strokes ten thousand lines over eight axes in a quarter of a second where there is no GPU, and
// slower where the processor is shared; stepping through their pixels takes a fifth of that.

/** Bytes of a colour as a pixel holds them: alpha, blue, green, red from the top. */
export type Pixel = number;

export const pixelOf = (red: number, green: number, blue: number): Pixel => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;

const [RedBlue, Green, Opaque] = [0x00ff00ff, 0x0000ff00, 0xff000000];

/** `share` of 256 of the new colour over what is there: red and blue in one product, green in another. */
function mix(old: number, colour: number, share: number): number {
  const rb = old & RedBlue;
  const g = old & Green;
  return (
    Opaque |
    ((rb + (Math.imul((colour & RedBlue) - rb, share) >> 8)) & RedBlue) |
    ((g + (Math.imul((colour & Green) - g, share) >> 8)) & Green)
  );
}

export class Raster {
  readonly pixels: Int32Array<ArrayBuffer>;

  constructor(
    readonly width: number,
    readonly height: number,
    background: Pixel,
  ) {
    this.pixels = new Int32Array(width * height).fill(background);
  }

  /** What is drawn here as shadows of grey on the background: behind the lines that a brush keeps. */
  faded(background: Pixel): Raster {
    const faint = new Raster(this.width, this.height, background);
    const [from, to] = [this.pixels, faint.pixels];
    for (let i = 0; i < from.length; i++) {
      const pixel = from[i]!;
      if (pixel === to[i]) continue;
      const grey = ((pixel & 255) * 77 + ((pixel >> 8) & 255) * 150 + ((pixel >> 16) & 255) * 29) >> 8;
      to[i] = mix(background, pixelOf(grey, grey, grey), 72);
    }
    return faint;
  }

  copy(): Raster {
    const other = new Raster(this.width, this.height, 0);
    other.pixels.set(this.pixels);
    return other;
  }

  /** A smooth line to the right, `thick` pixels wide, `alpha` of 256 opaque. Both ends are to be inside, one pixel from the edge. */
  line(x0: number, y0: number, x1: number, y1: number, colour: Pixel, alpha: number, thick: number): void {
    const { pixels, width } = this;
    const flat = Math.abs(y1 - y0) <= x1 - x0;
    // Along the longer side pixel by pixel; the place on the shorter one in 1/65536 of a pixel.
    const slope = flat ? (y1 - y0) / (x1 - x0) : (x1 - x0) / (y1 - y0);
    const from = Math.round(flat ? x0 : Math.min(y0, y1));
    const to = Math.round(flat ? x1 : Math.max(y0, y1));
    const [along, across] = flat ? [1, width] : [width, 1];
    let at = Math.round(((flat ? y0 + (from - x0) * slope : x0 + (from - y0) * slope) - (thick - 1) / 2) * 65536);
    const step = Math.round(slope * 65536);
    for (let k = from; k <= to; k++, at += step) {
      const second = (((at >> 8) & 255) * alpha) >> 8;
      let i = k * along + (at >> 16) * across;
      pixels[i] = mix(pixels[i]!, colour, alpha - second);
      for (let more = 1; more < thick; more++) {
        i += across;
        pixels[i] = mix(pixels[i]!, colour, alpha);
      }
      i += across;
      pixels[i] = mix(pixels[i]!, colour, second);
    }
  }

  show(draw: CanvasRenderingContext2D): void {
    draw.putImageData(new ImageData(new Uint8ClampedArray(this.pixels.buffer), this.width, this.height), 0, 0);
  }
}
