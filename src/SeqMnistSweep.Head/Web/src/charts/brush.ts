import { useState } from "preact/hooks";
import type { Axis, Brush } from "./axes";
import { type Scales, Top } from "./parallel-scales";

// A drag that is shorter takes the brush away.
const MinLength = 0.01;
// Pixels on either side of an axis that belong to it.
const Reach = 26;

type Drag = { axis: string; from: number; to: number } | { move: string };

const rangeOf = ({ from, to }: { from: number; to: number }): [number, number] => [Math.min(from, to), Math.max(from, to)];
const isLong = ({ from, to }: { from: number; to: number }) => Math.abs(to - from) >= MinLength;

/** What the pointer does on the axes: it drags a stretch or a name, or chooses a line. */
export function useBrush({
  shown,
  scales,
  brush,
  onBrush,
  order,
  onOrder,
  choose,
  hover,
}: {
  shown: Axis[];
  scales: Scales;
  brush: Brush;
  onBrush(brush: Brush): void;
  order: string[];
  onOrder(order: string[]): void;
  choose(x: number, place: number): void;
  /** Null when the pointer leaves, or does something else. */
  hover(at: { x: number; y: number; place: number } | null): void;
}) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const at = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const i = scales.nearest(x);
    return { x, y, axis: shown[i]!, near: Math.abs(scales.x(i) - x) < Reach, place: scales.placeAt(y) };
  };
  return {
    /** The brush as it would be if the drag ended now. */
    dragged: drag && "axis" in drag && isLong(drag) ? { ...brush, [drag.axis]: rangeOf(drag) } : brush,
    onPointerDown(event: PointerEvent) {
      const { axis, near, y, place } = at(event);
      if (!near) return;
      (event.target as Element).setPointerCapture(event.pointerId);
      hover(null);
      setDrag(y < Top - 8 ? { move: axis.name } : { axis: axis.name, from: place, to: place });
    },
    onPointerMove(event: PointerEvent) {
      const here = at(event);
      if (!drag) {
        hover(here);
        return;
      }
      if ("axis" in drag) setDrag({ ...drag, to: here.place });
      else if (here.axis.name !== drag.move) {
        const rest = order.filter((name) => name !== drag.move);
        rest.splice(order.indexOf(here.axis.name), 0, drag.move);
        onOrder(rest);
      }
    },
    onPointerLeave: () => hover(null),
    onPointerUp(event: PointerEvent) {
      if (!drag) {
        const { x, place } = at(event);
        choose(x, place);
        return;
      }
      if ("axis" in drag) {
        const { [drag.axis]: _, ...next } = brush;
        onBrush(isLong(drag) ? { ...next, [drag.axis]: rangeOf(drag) } : next);
      }
      setDrag(null);
    },
  };
}
