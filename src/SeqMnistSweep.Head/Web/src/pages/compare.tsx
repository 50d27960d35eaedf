import { useState } from "preact/hooks";
import { type Curve, query, type SweepSummary, type TrialTable } from "../api";
import { Plot } from "../charts/plot";
import { useData, usePaced } from "../data";
import { many, metricText, number, valueText } from "../format";
import { Empty, Panel, Ready, State } from "../parts/basics";
import { type Place, select, selected } from "../route";

const Most = 20;

export function Compare({ summary, place }: { summary: SweepSummary; place: Place }) {
  const { sweep } = summary;
  const numbers = selected(place).slice(0, Most);
  const version = usePaced(summary.last_event, 2000);
  const [metric, setMetric] = useState(sweep.metric);
  const where = numbers.length ? `number in [${numbers.join(", ")}]` : null;
  const table = useData<TrialTable>(where && `sweeps/${sweep.sweep}/trials${query({ where, limit: Most })}`, version);
  const curves = useData<Curve[]>(
    where && `sweeps/${sweep.sweep}/curves${query({ metric, trials: numbers.join(","), pixels: 900 })}`,
    version,
  );
  if (numbers.length === 0) {
    return (
      <Empty>
        Select trials in <a href={`/s/${sweep.sweep}/trials`}>Trials</a> or <a href={`/s/${sweep.sweep}/analysis`}>Analysis</a>; they are
        compared here. The best five:{" "}
        <button type="button" onClick={() => void best(summary)}>
          take them
        </button>
      </Empty>
    );
  }
  return (
    <>
      <Panel
        title="Curves"
        side={
          <label>
            metric{" "}
            <select value={metric} onChange={(event) => setMetric(event.currentTarget.value)}>
              {[
                ...new Set([sweep.metric, "train_loss", "train_accuracy", "val_loss", "val_accuracy", "test_accuracy", "epoch_seconds"]),
              ].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        }
      >
        <Ready of={curves} what="the curves">
          {(all) => {
            const some = all.filter((one) => one.values.some((value) => value !== null));
            return some.length === 0 ? (
              <Empty>None of them has reported {metric}.</Empty>
            ) : (
              <Plot
                series={some.map((one) => ({ label: `trial ${one.trial}`, x: one.epochs, y: one.values }))}
                x="epoch"
                y={metric}
                height={300}
                text={(value) => metricText(metric, value)}
                summary={some
                  .map(
                    (one) =>
                      `trial ${one.trial} ends at ${metricText(metric, one.values[one.values.length - 1] ?? null)} after ${many(one.epochs.length, "point")}`,
                  )
                  .join("; ")}
              />
            );
          }}
        </Ready>
      </Panel>
      <Panel
        title="What differs"
        side={
          <button type="button" onClick={() => select([])}>
            Clear
          </button>
        }
      >
        <Ready of={table} what="the trials">
          {(trials) => <Differences summary={summary} table={trials} />}
        </Ready>
      </Panel>
    </>
  );
}

async function best({ sweep }: SweepSummary): Promise<void> {
  const { get } = await import("../api");
  const table = await get<TrialTable>(
    `sweeps/${sweep.sweep}/trials${query({ where: "state == 'completed'", sort: sweep.goal === "maximize" ? "-value" : "value", columns: "number", limit: 5 })}`,
  );
  select(table.columns.number as number[]);
}

function Differences({ summary: { sweep }, table }: { summary: SweepSummary; table: TrialTable }) {
  const column = (name: string) => table.columns[name] ?? [];
  const differ = table.parameters.filter((name) => new Set(column(name).map((value) => JSON.stringify(value))).size > 1);
  const numbers = column("number") as number[];
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">of the trial</th>
            {numbers.map((one) => (
              <th scope="col" key={one} class="num">
                <a href={`/t/${sweep.sweep}/${one}`}>{one}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">state</th>
            {numbers.map((one, i) => (
              <td key={one} class="num">
                <State of={column("state")[i] as string} />
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">{sweep.metric}</th>
            {numbers.map((one, i) => (
              <td key={one} class="num">
                {metricText(sweep.metric, column("value")[i] as number | null)}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">test accuracy</th>
            {numbers.map((one, i) => (
              <td key={one} class="num">
                {metricText("accuracy", column("test_accuracy")[i] as number | null)}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">seconds</th>
            {numbers.map((one, i) => (
              <td key={one} class="num">
                {column("seconds")[i] === null ? "–" : number(column("seconds")[i] as number)}
              </td>
            ))}
          </tr>
          {differ.map((name) => (
            <tr key={name} class="differs">
              <th scope="row">{name}</th>
              {numbers.map((one, i) => (
                <td key={one} class="num">
                  {valueText(column(name)[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">
        {differ.length === 0
          ? "All parameters are the same."
          : `${many(table.parameters.length - differ.length, "parameter")} the same in all of them.`}
      </p>
    </div>
  );
}
