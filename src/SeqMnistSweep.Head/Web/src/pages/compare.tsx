import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Curve, type LeaderboardRow, metricColumn, query, type SweepSummary, type TrialTable, valuesOf } from "../api";
import { Chart } from "../charts/chart";
import { lines } from "../charts/lines";
import { useData, usePaced } from "../data";
import { kinds, many, metricText, number, valueText } from "../format";
import { Empty, Panel, Ready, State } from "../parts/basics";
import { Choice } from "../parts/choice";
import { List } from "../parts/list";
import { type Place, select, selected } from "../route";
import { useReported } from "./metrics";

const Most = 20;

export function Compare({ summary, place }: { summary: SweepSummary; place: Place }) {
  const { sweep } = summary;
  const numbers = selected(place)
    .sort((a, b) => a - b)
    .slice(0, Most);
  const version = usePaced(summary.last_event, 2000);
  const [metric, setMetric] = useState(sweep.metric);
  const reported = useReported(summary);
  const where = numbers.length ? `number in [${numbers.join(", ")}]` : null;
  const table = useData<TrialTable>(
    where &&
      `sweeps/${sweep.sweep}/trials${query({ where, columns: "number,state,value,test_accuracy,seconds,params.*,metrics.*", limit: Most })}`,
    version,
  );
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
      <Panel title="Curves" side={<Choice label="metric" value={metric} names={reported} onChange={setMetric} />}>
        <Ready of={curves} what="the curves">
          {(all) => {
            const some = all.filter((one) => one.values.some((value) => value !== null)).sort((a, b) => a.trial - b.trial);
            const label = (trial: number) => labelOf(trial, table.data);
            return some.length === 0 ? (
              <Empty>None of them has reported {metric}.</Empty>
            ) : (
              <Chart
                name="compare"
                title={metric}
                by="epoch"
                height={320}
                picture={lines({
                  of: some.map((one) => ({ label: label(one.trial), x: one.epochs, y: one.values })),
                  x: "epoch",
                  y: metric,
                  text: (value) => metricText(metric, value),
                })}
                summary={some
                  .map(
                    (one) =>
                      `${label(one.trial)} ends at ${metricText(metric, one.values[one.values.length - 1] ?? null)} after ${many(one.epochs.length, "point")}`,
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

/** A trial with the parameters that tell it from the others, the first few of them. */
function labelOf(trial: number, table: TrialTable | null): string {
  const at = table?.columns.number?.indexOf(trial) ?? -1;
  if (!table || at < 0) return `trial ${trial}`;
  const differ = table.parameters.filter((name) => kinds(valuesOf(table, name)) > 1).slice(0, 3);
  return [`trial ${trial}`, ...differ.map((name) => `${name} ${valueText(valuesOf(table, name)[at]) || "–"}`)].join(", ");
}

async function best({ sweep }: SweepSummary): Promise<void> {
  const { get } = await import("../api");
  const rows = await get<LeaderboardRow[]>(`sweeps/${sweep.sweep}/leaderboard?top=5`);
  select(rows.map((row) => Number(row.trial.split("/")[1])));
}

function Differences({ summary: { sweep, metrics }, table }: { summary: SweepSummary; table: TrialTable }) {
  const column = (name: string) => table.columns[name] ?? [];
  const differ = table.parameters.filter((name) => kinds(valuesOf(table, name)) > 1);
  const numbers = column("number") as number[];
  const [values, tests, seconds] = ["value", "test_accuracy", "seconds"].map((name) => column(name) as (number | null)[]);
  const rows: { name: string; cell(i: number): ComponentChildren; mark?: string }[] = [
    { name: "state", cell: (i) => <State of={column("state")[i] as string} /> },
    { name: `best ${sweep.metric}`, cell: (i) => metricText(sweep.metric, values![i]) },
    ...metrics.slice(1).map(({ name }) => ({
      name,
      cell: (i: number) => metricText(name, column(metricColumn(name))[i] as number | null),
    })),
    { name: "test accuracy", cell: (i) => metricText("accuracy", tests![i]) },
    { name: "seconds", cell: (i) => (seconds![i] === null ? "–" : number(seconds![i]!)) },
    ...differ.map((name) => ({ name, cell: (i: number) => valueText(valuesOf(table, name)[i]), mark: "differs" })),
  ];
  return (
    <div class="scroll">
      <List
        rows={rows}
        name={(row) => row.name}
        mark={(row) => row.mark}
        columns={[
          { head: "of the trial", cell: (row) => row.name, names: true },
          ...numbers.map((one, i) => ({
            head: <a href={`/t/${sweep.sweep}/${one}`}>{one}</a>,
            cell: (row: (typeof rows)[number]) => row.cell(i),
            numeric: true,
          })),
        ]}
      />
      <p class="dim">
        {differ.length === 0
          ? "All parameters are the same."
          : `${many(table.parameters.length - differ.length, "parameter")} the same in all of them.`}
      </p>
    </div>
  );
}
