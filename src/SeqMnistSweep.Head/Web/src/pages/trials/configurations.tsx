import { useMemo, useState } from "preact/hooks";
import { type LeaderboardRow, parameterColumn, type SweepSummary } from "../../api";
import { useData, usePaced, useSearched } from "../../data";
import { configuration, isAccuracy, isWhole, many, metricText, nextSort, telling, valueText } from "../../format";
import { Empty, Ready } from "../../parts/basics";
import { type Column, VirtualTable } from "../../parts/virtual-table";

/** One row per configuration: mean and deviation over its seeds. */
export function Configurations({ summary }: { summary: SweepSummary }) {
  const { sweep } = summary;
  const version = usePaced(sweep.completed, 2000);
  const rows = useData<LeaderboardRow[]>(`sweeps/${sweep.sweep}/leaderboard?top=20000`, version);
  return (
    <Ready of={rows} what="the configurations">
      {(all) =>
        all.length === 0 ? (
          <Empty>{sweep.finished ? "No trial completed." : "No trial has completed yet."}</Empty>
        ) : (
          <Rows summary={summary} rows={all} />
        )
      }
    </Ready>
  );
}

function Rows({ summary: { sweep }, rows }: { summary: SweepSummary; rows: LeaderboardRow[] }) {
  const [sort, setSort] = useState("rank");
  const sets = useMemo(() => rows.map((row) => configuration(row.params)), [rows]);
  const searched = useSearched(sweep.sweep);
  const names = useMemo(() => telling(sets, searched), [sets, searched]);
  const order = useMemo(() => {
    const name = sort.replace(/^-/, "");
    const key = (i: number) =>
      (name.startsWith("params.") ? sets[i]![name.slice(7)] : (rows[i] as unknown as Record<string, unknown>)[name]) as
        | number
        | string
        | null
        | undefined;
    const sign = sort.startsWith("-") ? -1 : 1;
    return rows
      .map((_, i) => i)
      .sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === y || (x == null && y == null)) return a - b;
        return x == null ? 1 : y == null ? -1 : (x < y ? -1 : 1) * sign;
      });
  }, [rows, sets, sort]);
  const confirmed = rows.some((row) => row.confirmed) ? (["low", "high", "searched", "gap"] as const) : [];
  const columns: Column[] = [
    { name: "rank", numeric: true },
    { name: "trial", text: "first trial", numeric: true },
    { name: "value", text: sweep.metric, numeric: true },
    { name: "deviation", numeric: true },
    { name: "seeds", numeric: true },
    ...confirmed.map((name) => ({ name, numeric: true })),
    { name: "test_accuracy", text: "test accuracy", numeric: true },
    ...names.map((name) => ({ name: parameterColumn(name), text: name, numeric: typeof sets[0]![name] === "number" })),
  ];
  return (
    <>
      <div class="tools">
        <span>{many(rows.length, "configuration")} with a completed trial</span>
      </div>
      <VirtualTable
        columns={columns}
        rows={rows.length}
        sort={sort}
        label="configurations"
        onRange={() => undefined}
        onSort={(name) => setSort(nextSort(sort, name, name === "value" ? sweep.goal === "maximize" : isAccuracy(name)) ?? "rank")}
        row={(index) => {
          const i = order[index]!;
          const one = rows[i]!;
          return {
            key: one.trial,
            cells: [
              one.rank,
              <>
                <a href={`/t/${one.trial}`}>{one.trial.split("/")[1]}</a>
                {one.baseline ? <span class="dim"> baseline</span> : null}
              </>,
              metricText(sweep.metric, one.value),
              one.deviation === null ? "–" : metricText(sweep.metric, one.deviation),
              isWhole(one) ? one.seeds : `${one.seeds}/${one.planned_seeds}`,
              ...confirmed.map((name) => (one[name] === null ? "–" : metricText(sweep.metric, one[name]))),
              metricText("accuracy", one.test_accuracy),
              ...names.map((name) => valueText(sets[i]![name])),
            ],
          };
        }}
      />
    </>
  );
}
