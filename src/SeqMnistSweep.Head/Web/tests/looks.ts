import type { Look } from "../src/charts/picture";
import type { Points } from "../src/charts/points";

/** Colours that tell nothing. */
export const bare: Look = {
  text: "#000",
  dim: "#666",
  line: "#ccc",
  surface: "#fff",
  raised: "#eee",
  accent: "#00f",
  series: (i) => `#00000${i % 10}`,
  rank: (share) => `rgb(${Math.round(255 * share)},0,0)`,
  state: (name) => name,
};

/** Completed trials from 1 with these values. */
export const pointsOf = (values: (number | null)[]): Points => ({
  sweep: "s",
  metric: "value",
  numbers: values.map((_, i) => i + 1),
  states: values.map(() => "completed"),
  values,
  text: String,
  parameters: () => [],
});
