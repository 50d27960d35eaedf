import type { ComponentChildren } from "preact";
import { query, type SweepComparison, type SweepRow } from "../api";
import { useData } from "../data";
import { count, duration, metricText, tagsOf } from "../format";
import { Empty, Panel, Ready, State, Time } from "../parts/basics";
import { Tags } from "../parts/labels";
import { List } from "../parts/list";
import type { Place } from "../route";
import { ran } from "../sweeps-order";

/** Sweeps side by side: how they did, and what their files say differently. */
export function CompareSweeps({ place }: { place: Place }) {
  const of = place.get("of") ?? "";
  const found = useData<SweepComparison>(of ? `sweeps/compare${query({ of })}` : null);
  return (
    <>
      <div class="title">
        <h1>Compare sweeps</h1>
      </div>
      {of ? (
        <Ready of={found} what="the sweeps">
          {(comparison) => <Body of={comparison} />}
        </Ready>
      ) : (
        <Empty>
          Choose sweeps in <a href="/">the list</a>; they are compared here.
        </Empty>
      )}
    </>
  );
}

function Body({ of: { sweeps, settings } }: { of: SweepComparison }) {
  const heads = sweeps.map((row) => ({ head: <a href={`/s/${row.sweep}`}>{row.title ?? row.sweep}</a>, numeric: false }));
  const facts: { name: string; cell(row: SweepRow): ComponentChildren }[] = [
    { name: "state", cell: (row) => <State of={row.state} /> },
    { name: "best", cell: (row) => metricText(row.metric, row.best) },
    { name: "metric", cell: (row) => `${row.metric} (${row.goal})` },
    { name: "method", cell: (row) => row.method },
    { name: "trials", cell: (row) => count(row.trials) },
    { name: "completed", cell: (row) => count(row.completed) },
    { name: "pruned", cell: (row) => count(row.pruned) },
    { name: "failed", cell: (row) => count(row.failed) },
    { name: "slot hours", cell: (row) => row.slot_hours.toFixed(2) },
    { name: "took", cell: (row) => (row.started ? duration(ran(row)!) : "–") },
    { name: "created", cell: (row) => <Time at={row.created} /> },
    { name: "tags", cell: (row) => <Tags of={tagsOf(row)} /> },
    { name: "note", cell: (row) => row.note ?? row.description ?? "" },
  ];
  return (
    <>
      <Panel title="How they did">
        <List
          rows={facts}
          name={(fact) => fact.name}
          columns={[
            { head: "of the sweep", cell: (fact) => fact.name, names: true },
            ...sweeps.map((row, i) => ({ ...heads[i]!, cell: (fact: (typeof facts)[number]) => fact.cell(row) })),
          ]}
        />
      </Panel>
      <Panel title="What their files say differently">
        <List
          rows={settings}
          name={(setting) => setting.key}
          empty="Their files say the same."
          columns={[
            { head: "key", cell: (setting) => setting.key, names: true },
            ...sweeps.map((_, i) => ({
              ...heads[i]!,
              cell: (setting: SweepComparison["settings"][number]) => setting.values[i] ?? <span class="dim">not set</span>,
            })),
          ]}
        />
      </Panel>
    </>
  );
}
