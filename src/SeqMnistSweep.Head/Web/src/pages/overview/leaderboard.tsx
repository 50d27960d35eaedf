import type { LeaderboardRow, SweepSummary } from "../../api";
import { useData, usePaced, useSearched } from "../../data";
import { configuration, isWhole, metricText, telling, valueText } from "../../format";
import { Empty, Ready } from "../../parts/basics";
import { List } from "../../parts/list";

export function Leaderboard({ summary: { sweep } }: { summary: SweepSummary }) {
  const version = usePaced(sweep.completed, 2000);
  const rows = useData<LeaderboardRow[]>(`sweeps/${sweep.sweep}/leaderboard?top=10`, version);
  const searched = useSearched(sweep.sweep);
  const value = (row: LeaderboardRow) => (
    <>
      {metricText(sweep.metric, row.value)}
      {row.deviation !== null ? (
        <span class="dim">
          {" "}
          ± {metricText(sweep.metric, row.deviation)} ({row.seeds})
        </span>
      ) : null}
      {row.confirmed ? (
        <span class="dim" title="Where the true mean lies with 95 %, by fresh seeds alone">
          {" "}
          {metricText(sweep.metric, row.low)} to {metricText(sweep.metric, row.high)}
          {row.searched === null ? null : `, the search saw ${metricText(sweep.metric, row.searched)}`}
        </span>
      ) : null}
      {isWhole(row) ? null : (
        <span class="dim">
          {" "}
          {row.seeds}/{row.planned_seeds} seeds
        </span>
      )}
      {row.baseline ? <span class="dim"> baseline</span> : null}
    </>
  );
  return (
    <Ready of={rows} what="the leaderboard">
      {(best) => {
        if (best.length === 0) return <Empty>{sweep.finished ? "No trial completed." : "No trial has completed yet."}</Empty>;
        const sets = best.map((row) => configuration(row.params));
        return (
          <List
            rows={best}
            name={(row) => row.trial}
            columns={[
              { head: "rank", cell: (row) => row.rank, numeric: true },
              { head: "trial", cell: (row) => <a href={`/t/${row.trial}`}>{row.trial.split("/")[1]}</a>, numeric: true },
              { head: sweep.metric, cell: value, numeric: true },
              ...telling(sets, searched).map((name) => ({ head: name, cell: (_: LeaderboardRow, i: number) => valueText(sets[i]![name]) })),
            ]}
          />
        );
      }}
    </Ready>
  );
}
