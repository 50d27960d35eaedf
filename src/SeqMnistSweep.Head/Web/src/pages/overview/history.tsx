import { useMemo } from "preact/hooks";
import { type BestSoFar, query, type SweepSummary, type TrialTable } from "../../api";
import { Chart } from "../../charts/chart";
import { history } from "../../charts/history";
import { pointsOf } from "../../charts/points";
import { useData, usePaced } from "../../data";
import { count, many, metricText } from "../../format";
import { Empty, Ready } from "../../parts/basics";

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
  const picture = useMemo(
    () => history(pointsOf(sweep.sweep, sweep.metric, table, byEnd(table)), table.matched, best, maximize),
    [table, best, maximize],
  );
  if (picture.rows.length === 0 && best.length === 0)
    return <Empty>{sweep.finished ? `No trial ended with a ${sweep.metric}.` : "The first trial that ends begins the picture."}</Empty>;
  const last = best.at(-1);
  const shown = table.columns.number?.length ?? 0;
  const words = [
    last
      ? `Best ${metricText(sweep.metric, last.value)} by trial ${last.trial}, reached after ${count(last.done)} of ${many(sweep.completed, "completed trial")}; ${many(best.length, "improvement")}.`
      : "No trial has completed.",
    shown < table.matched ? `The dots are the last ${count(shown)} of ${count(table.matched)} that ended.` : "",
  ];
  return <Chart name="history" title={sweep.metric} by="the order in which trials ended" picture={picture} summary={words.join(" ")} />;
}

/** Positions of the rows in the order in which their trials ended. */
function byEnd(table: TrialTable): number[] {
  const [numbers, ends] = [table.columns.number as number[], table.columns.finished as string[]];
  return numbers.map((_, i) => i).sort((a, b) => (ends[a] === ends[b] ? numbers[a]! - numbers[b]! : ends[a]! < ends[b]! ? -1 : 1));
}
