import type { StepRow, TrialRow } from "../../api";
import { Chart } from "../../charts/chart";
import { lines } from "../../charts/lines";
import { seriesOf } from "../../charts/steps";
import { useData, usePaced } from "../../data";
import { metricText } from "../../format";

/** More are a table's work. */
const MostPlots = 12;

/** What a program reported within its epochs, by its own steps. */
export function Steps({ trial }: { trial: TrialRow }) {
  const version = usePaced(`${trial.epochs} ${trial.state}`, 2000);
  const { data } = useData<StepRow[]>(`trials/${trial.sweep}/${trial.number}/steps`, version);
  const series = seriesOf(data ?? []);
  if (series.length === 0) return null;
  return (
    <div class="plots">
      {series.slice(0, MostPlots).map((one) => (
        <Chart
          key={one.label}
          name={`steps-${one.label}`}
          title={one.label.replaceAll("_", " ")}
          by="step"
          height={210}
          picture={lines({ of: [one], x: "step", y: one.label, text: (value) => metricText(one.label, value) })}
          summary={`${one.label.replaceAll("_", " ")}: ${one.x.length} points, now ${metricText(one.label, one.y.at(-1))}.`}
        />
      ))}
    </div>
  );
}
