/** The last values of a metric as a line the height of the text. */
export function Spark({ values, label }: { values: (number | null)[]; label: string }) {
  const points = values.map((value, i) => [i, value] as const).filter((point): point is readonly [number, number] => point[1] !== null);
  if (points.length < 2)
    return (
      <span class="dim spark" aria-label={label}>
        {points.length === 0 ? "no epoch yet" : "1 epoch"}
      </span>
    );
  const ys = points.map(([, value]) => value);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const path = points
    .map(
      ([i, value], n) =>
        `${n === 0 ? "M" : "L"}${((96 * i) / (values.length - 1) + 2).toFixed(1)} ${(high === low ? 10 : 18 - (16 * (value - low)) / (high - low)).toFixed(1)}`,
    )
    .join("");
  return (
    <svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label={label}>
      <path d={path} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
