import { clock, duration } from "../format";
import { between, type Coordinates, type Place } from "./drawing";
import { layOut, type Span } from "./lanes";
import type { Picture } from "./picture";
import { frame } from "./scales";

/** What each worker ran, a row per slot that it needed; gaps are idle time. */
export function timeline(spans: Span[], now: number): Picture & { lanes: number; busy: number; from: number; to: number } {
  const { rows, placed } = layOut(spans);
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to ?? now), from + 1);
  const busy = spans.reduce((sum, span) => sum + ((span.to ?? now) - span.from), 0) / Math.max(1, rows.length * (to - from));
  const end = (span: Span) => span.to ?? now;
  const iso = (time: number) => new Date(time).toISOString();
  // Below the first row of a worker stands its name.
  const names = rows.map(({ lane }, i) => (rows[i - 1]?.lane === lane ? "" : lane));
  return {
    lanes: rows.length,
    busy,
    from,
    to,
    option: (look) => {
      const base = frame({ name: "", low: from, high: to }, { name: "", low: 0, high: 1, categories: names }, look);
      return {
        ...base,
        xAxis: { ...base.xAxis, type: "time", min: from, max: to, axisLabel: { color: look.dim, fontSize: 11, hideOverlap: true } },
        yAxis: { ...base.yAxis, inverse: true },
        series: [
          {
            type: "custom",
            name: "attempts",
            clip: true,
            data: placed.map((span) => [span.from, span.row]),
            renderItem: ({ dataIndex }: Place, api: Coordinates) => {
              const span = placed[dataIndex]!;
              const box = between(api, [span.from, span.row - 0.36], [end(span), span.row + 0.36]);
              return {
                type: "rect",
                shape: { ...box, width: Math.max(1.5, box.width - 0.5) },
                style: { fill: look.state(span.kind) },
                emphasis: { style: { stroke: look.text, lineWidth: 1 } },
              };
            },
          },
        ],
      };
    },
    columns: [
      { name: "trial" },
      { name: "attempt" },
      { name: "worker" },
      { name: "state" },
      { name: "from", text: (at) => clock(at as string) },
      { name: "to", text: (at) => clock(at as string) },
      { name: "seconds", text: (one) => duration(one as number) },
    ],
    rows: placed.map((span) => [
      span.name,
      span.attempt,
      span.lane,
      span.kind,
      iso(span.from),
      span.to === null ? null : iso(span.to),
      (end(span) - span.from) / 1000,
    ]),
    rowLink: (row) => `/t/${placed[row]!.name}`,
    link: ({ item }) => (placed[item] ? `/t/${placed[item].name}` : null),
    tip: ([at]) => {
      const span = at && placed[at.item];
      return span
        ? {
            title: `${span.name}, ${span.kind}`,
            lines: [
              ["attempt", String(span.attempt)],
              ["worker", span.lane],
              ["from", clock(iso(span.from))],
              ["took", duration((end(span) - span.from) / 1000)],
            ],
          }
        : null;
    },
    zoom: true,
  };
}
