import { useMemo, useState } from "preact/hooks";
import { type BestSoFar, query, type SweepRow, type SweepSummary, type TrialTable } from "../../api";
import { Chart } from "../../charts/chart";
import { history, inOrder, type Passage } from "../../charts/history";
import { pointsOf } from "../../charts/points";
import { useData, usePaced } from "../../data";
import { count, duration, many, metricText, secondsFrom } from "../../format";
import { Empty, Ready } from "../../parts/basics";
import { Choice } from "../../parts/choice";

/** More dots than this hide each other, and cost the head more than they tell. */
const MostDots = 5000;

export function History({ summary }: { summary: SweepSummary }) {
  const { sweep } = summary;
  const version = usePaced(sweep.completed + sweep.pruned + sweep.failed + sweep.cancelled, sweep.trials > 500 ? 10_000 : 2000);
  const steps = useData<BestSoFar[]>(`sweeps/${sweep.sweep}/history`, version);
  const dots = useData<TrialTable>(
    `sweeps/${sweep.sweep}/trials${query({ where: "finished != null", sort: "-finished", columns: "number,state,value,finished,params.*", limit: MostDots })}`,
    version,
  );
  return (
    <Ready of={steps} what="how the best came about">
      {(best) => (
        <Ready of={dots} what="the trials">
          {(table) => <Picture summary={summary} best={best} table={table} />}
        </Ready>
      )}
    </Ready>
  );
}

function Picture({ summary: { sweep }, best, table }: { summary: SweepSummary; best: BestSoFar[]; table: TrialTable }) {
  const maximize = sweep.goal === "maximize";
  const [by, setBy] = useState<By>("order");
  const picture = useMemo(() => {
    const rows = byEnd(table);
    const over = by === "order" ? inOrder(rows.length, table.matched) : inTime(sweep, table, rows);
    return history(pointsOf(sweep.sweep, sweep.metric, table, rows), over, best, maximize);
  }, [table, best, maximize, by]);
  if (picture.rows.length === 0 && best.length === 0)
    return <Empty>{sweep.finished ? `No trial ended with a ${sweep.metric}.` : "The first trial that ends begins the picture."}</Empty>;
  const last = best.at(-1);
  const shown = table.columns.number?.length ?? 0;
  const words = [
    last
      ? `Best ${metricText(sweep.metric, last.value)}, first reached by trial ${last.trial} after ${count(last.done)} of ${many(sweep.completed, "completed trial")}; ${many(best.length, "improvement")}.`
      : "No trial has completed.",
    shown < table.matched ? `The dots are the last ${count(shown)} of ${count(table.matched)} that ended.` : "",
  ];
  return (
    <>
      <div class="tools">
        <Choice label="by" value={by} names={["order", "time"]} onChange={(to) => setBy(to as By)} />
      </div>
      <Chart
        name="history"
        title={sweep.metric}
        by={by === "order" ? "the order in which trials ended" : "the time at which trials ended"}
        picture={picture}
        summary={words.join(" ")}
      />
    </>
  );
}

type By = "order" | "time";

/** Since the sweep began, pauses and all. */
function inTime(sweep: SweepRow, table: TrialTable, rows: number[]): Passage {
  const since = (at: string) => secondsFrom(sweep.started ?? sweep.created, at);
  const at = rows.map((row) => since(table.columns.finished![row] as string));
  return { name: "time since the sweep began", at, end: sweep.finished ? since(sweep.finished) : (at.at(-1) ?? 0), text: duration };
}

/** Positions of the rows in the order in which their trials ended. */
function byEnd(table: TrialTable): number[] {
  const [numbers, ends] = [table.columns.number as number[], table.columns.finished as string[]];
  return numbers.map((_, i) => i).sort((a, b) => (ends[a] === ends[b] ? numbers[a]! - numbers[b]! : ends[a]! < ends[b]! ? -1 : 1));
}
