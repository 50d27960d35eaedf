import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The width of an element as it changes; 0 before it is known. `version` says when another element took its place. */
export function useWidth(of: RefObject<HTMLElement | null>, version: unknown = 0): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = of.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    return () => watch.disconnect();
  }, [version]);
  return width;
}

/** Makes a canvas this large, in pixels of the style sheet, and returns what draws on it. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const draw = canvas.getContext("2d")!;
  draw.scale(ratio, ratio);
  return draw;
}
