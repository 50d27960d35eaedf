import { expect, test } from "vitest";
import { pixelOf, Raster } from "../src/charts/raster";

const [white, black, red] = [pixelOf(255, 255, 255), pixelOf(0, 0, 0), pixelOf(255, 0, 0)];
const at = (raster: Raster, x: number, y: number) => raster.pixels[y * raster.width + x]! >>> 0;
const lightness = (pixel: number) => (pixel & 255) / 255;

test("A level line covers its row from end to end and nothing else", () => {
  const raster = new Raster(20, 10, white);
  raster.line(2, 4, 17, 4, black, 256, 1);
  for (let y = 0; y < 10; y++) for (let x = 0; x < 20; x++) expect(at(raster, x, y)).toBe(y === 4 && x >= 2 && x <= 17 ? black : white);
});

test("Between two rows each gets its share", () => {
  const raster = new Raster(20, 10, white);
  raster.line(2, 4.25, 17, 4.25, black, 256, 1);
  expect(lightness(at(raster, 9, 4))).toBeCloseTo(0.25, 1);
  expect(lightness(at(raster, 9, 5))).toBeCloseTo(0.75, 1);
});

test("A steep line has no holes, up or down", () => {
  for (const [y0, y1] of [
    [1, 28],
    [28, 1],
  ] as const) {
    const raster = new Raster(10, 30, white);
    raster.line(2, y0, 7, y1, black, 256, 1);
    for (let y = 1; y <= 28; y++) {
      const ink = Array.from({ length: 10 }, (_, x) => 1 - lightness(at(raster, x, y))).reduce((a, b) => a + b, 0);
      expect(ink).toBeCloseTo(1, 1);
    }
    expect(at(raster, 2, y0)).toBe(black);
  }
});

test("A wider line has as many rows more", () => {
  const raster = new Raster(20, 10, white);
  raster.line(2, 4, 17, 4, black, 256, 3);
  expect([2, 3, 4, 5, 6].map((y) => at(raster, 9, y) === black)).toEqual([false, true, true, true, false]);
});

test("Colours mix channel by channel", () => {
  const raster = new Raster(20, 10, pixelOf(10, 200, 100));
  raster.line(2, 4, 17, 4, pixelOf(250, 20, 101), 128, 1);
  const mixed = at(raster, 9, 4);
  expect(Math.abs((mixed & 255) - 130)).toBeLessThanOrEqual(1);
  expect(Math.abs(((mixed >> 8) & 255) - 110)).toBeLessThanOrEqual(1);
  expect(Math.abs(((mixed >> 16) & 255) - 100)).toBeLessThanOrEqual(1);
  expect(mixed >>> 24).toBe(255);
});

test("Faded, lines are grey and the background is as it was", () => {
  const raster = new Raster(20, 10, white);
  raster.line(2, 4, 17, 4, red, 256, 1);
  const faded = raster.faded(white);
  const grey = at(faded, 9, 4);
  expect(grey & 255).toBe((grey >> 8) & 255);
  expect(lightness(grey)).toBeGreaterThan(0.6);
  expect(lightness(grey)).toBeLessThan(0.95);
  expect(at(faded, 9, 6)).toBe(white);
});
