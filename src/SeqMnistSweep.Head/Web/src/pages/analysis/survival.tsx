import { query, type TrialTable } from "../../api";
import { Chart } from "../../charts/chart";
import { lines } from "../../charts/lines";
import { useData } from "../../data";
import { count } from "../../format";
import { Empty, Ready } from "../../parts/basics";

export function Survival({ sweep, version }: { sweep: string; version: number }) {
  const rows = useData<TrialTable>(
    `sweeps/${sweep}/trials${query({ where: "state in ['completed', 'pruned']", columns: "epochs_done,state", limit: 20000 })}`,
    version,
  );
  return (
    <Ready of={rows} what="how far trials came">
      {(table) => {
        const epochs = table.columns.epochs_done as number[];
        const most = epochs.reduce((a, b) => Math.max(a, b), 0);
        if (most < 2) return <Empty>{most === 0 ? "No trial has ended yet." : "Trials of this sweep have one epoch."}</Empty>;
        const reached = new Array<number>(most + 1).fill(0);
        for (const done of epochs) reached[done]!++;
        for (let i = most - 1; i >= 0; i--) reached[i]! += reached[i + 1]!;
        const pruned = (table.columns.state as string[]).filter((state) => state === "pruned").length;
        return (
          <Chart
            name="survival"
            title="trials that reached it"
            by="epoch"
            picture={lines({
              of: [{ label: "trials", x: reached.map((_, i) => i).slice(1), y: reached.slice(1) }],
              x: "epoch",
              y: "trials",
              step: true,
              fromZero: true,
              text: count,
            })}
            summary={`${count(epochs.length)} ended trials, ${count(pruned)} of them pruned; ${count(reached[most]!)} reached epoch ${most}.`}
          />
        );
      }}
    </Ready>
  );
}
