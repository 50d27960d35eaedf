import type { SweepRow, TrialCurves, TrialRow } from "../../api";
import { Chart } from "../../charts/chart";
import { lines } from "../../charts/lines";
import { tickText } from "../../charts/scales";
import { useData, usePaced } from "../../data";
import { isAccuracy, metricText, number } from "../../format";
import { Empty, Ready } from "../../parts/basics";

const groups: { title: string; has: (metric: string) => boolean }[] = [
  { title: "accuracy", has: (metric) => metric.endsWith("_accuracy") },
  { title: "loss", has: (metric) => metric.endsWith("_loss") },
];

export function Curves({ trial, sweep, open }: { trial: TrialRow; sweep: SweepRow; open: boolean }) {
  const version = usePaced(trial.epochs, 500);
  const curves = useData<TrialCurves>(`trials/${trial.sweep}/${trial.number}/curves?pixels=800`, version);
  return (
    <Ready of={curves} what="the curves">
      {({ metrics, reported }) => {
        if (reported === 0)
          return (
            <Empty>
              {!open
                ? "It ended before its first epoch was reported."
                : trial.state === "queued"
                  ? "It waits for a slot; the curves begin with its first epoch."
                  : "The curves begin with the first epoch."}
            </Empty>
          );
        const rest = metrics.filter((one) => !groups.some((group) => group.has(one.metric)));
        const plots = [
          ...groups
            .map((group) => ({ title: group.title, of: metrics.filter((one) => group.has(one.metric)) }))
            .filter((group) => group.of.length > 0),
          ...rest.map((one) => ({ title: one.metric, of: [one] })),
        ];
        return (
          <div class="plots">
            {plots.map(({ title, of }) => (
              <Chart
                key={title}
                name={`curves-${title}`}
                title={title.replaceAll("_", " ")}
                by="epoch"
                height={210}
                picture={lines({
                  of: of.map((one) => ({ label: one.metric, x: one.epochs, y: one.values })),
                  x: "epoch",
                  y: title.replaceAll("_", " "),
                  text: (value) => (title === "loss" ? number(value, 4) : metricText(title, value)),
                  tick: tickText(title),
                })}
                summary={of.map((one) => summaryOf(one.metric, one.epochs, one.values, sweep)).join(" ")}
              />
            ))}
          </div>
        );
      }}
    </Ready>
  );
}

function summaryOf(metric: string, epochs: number[], values: (number | null)[], sweep: SweepRow): string {
  const points = values
    .map((value, i) => [value, epochs[i]!] as const)
    .filter((point): point is readonly [number, number] => point[0] !== null);
  if (points.length === 0) return `${metric}: no finite value.`;
  const name = metric.replaceAll("_", " ");
  if (metric !== sweep.metric && !groups.some((group) => group.has(metric))) {
    const values = points.map((point) => point[0]);
    return `${name}: ${metricText(
      metric,
      values.reduce((a, b) => Math.min(a, b)),
    )} to ${metricText(
      metric,
      values.reduce((a, b) => Math.max(a, b)),
    )}, now ${metricText(metric, points[points.length - 1]![0])}.`;
  }
  const up = metric === sweep.metric ? sweep.goal === "maximize" : isAccuracy(metric);
  const best = points.reduce((a, b) => ((up ? b[0] > a[0] : b[0] < a[0]) ? b : a));
  const last = points[points.length - 1]!;
  return `${name}: ${up ? "highest" : "lowest"} ${metricText(metric, best[0])} at epoch ${best[1]}, now ${metricText(metric, last[0])}.`;
}
