import type { MetricGoal } from "../api";
import type { Measured } from "./front";

const MostMetrics = 3;

/** The share that the front dominates of the box from the worst to the best value of each metric, as `show` tells it; null without one. */
export function volumeShare(points: Measured[], metrics: MetricGoal[]): number | null {
  if (metrics.length < 2 || metrics.length > MostMetrics) return null;
  const axes = metrics
    .map(({ name, maximize }) => {
      const sign = maximize ? -1 : 1;
      const values = points.map((one) => sign * one.values[name]!);
      const best = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const worst = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      return { best, worst, losses: values.map((value) => (value - best) / (worst - best)) };
    })
    .filter(({ best, worst }) => worst > best);
  if (axes.length === 0) return null;
  return volume(
    points.flatMap((one, i) => (one.inFront ? [axes.map(({ losses }) => losses[i]!)] : [])),
    axes.length,
  );
}

/** What points dominate up to 1 on every axis, by slices along the last one (Knowles 2002). */
function volume(points: number[][], axes: number): number {
  const last = axes - 1;
  const inside = points.filter((point) => point.every((loss) => loss < 1)).sort((a, b) => a[last]! - b[last]!);
  if (inside.length === 0) return 0;
  if (last === 0) return 1 - inside[0]![0]!;
  let sum = 0;
  inside.forEach((point, i) => {
    const depth = (inside[i + 1]?.[last] ?? 1) - point[last]!;
    if (depth > 0)
      sum +=
        depth *
        volume(
          inside.slice(0, i + 1).map((other) => other.slice(0, last)),
          last,
        );
  });
  return sum;
}
