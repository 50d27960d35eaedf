import type { SweepSummary, TrialProgress } from "../../api";
import { configuration, duration, many, metricText, number, varied } from "../../format";
import { Bar, Empty, Params } from "../../parts/basics";
import { List, type ListColumn } from "../../parts/list";
import { Spark } from "../../parts/spark";

type Row = SweepSummary["running"][number];

/** The head sends the last values only. */
const MostCurve = 40;

function Epoch({ of: { progress: at, curve } }: { of: Row }) {
  if (!at)
    return (
      <span class="dim">
        {curve.length === 0 ? "no report yet" : `${curve.length}${curve.length === MostCurve ? " or more" : ""} reported`}
      </span>
    );
  return (
    <>
      <Bar
        done={at.epoch - 1 + (at.batches ? at.batch / at.batches : 0)}
        of={at.epochs}
        label={`epoch ${at.epoch} of ${at.epochs}, batch ${at.batch} of ${at.batches}`}
      />
      {` ${at.epoch}/${at.epochs}`}
    </>
  );
}

const worker = ({ worker, attempt }: Row) => [worker, attempt > 1 ? <span class="dim"> attempt {attempt}</span> : null];

export function Running({ summary: { running, sweep } }: { summary: SweepSummary }) {
  if (running.length === 0)
    return (
      <Empty>{sweep.running ? `${many(sweep.running, "trial")} running; how far is known to their head only.` : "No trial runs."}</Empty>
    );
  const sets = running.map((one) => configuration(one.trial.params));
  const names = running.length > 1 ? varied(sets) : Object.keys(sets[0]!).slice(0, 8);
  // What a program elsewhere does not say of itself has no column.
  const says = (has: (progress: TrialProgress) => unknown) => running.some(({ progress }) => progress && has(progress));
  const columns: (ListColumn<Row> | false)[] = [
    { head: "trial", cell: ({ trial }) => <a href={`/t/${sweep.sweep}/${trial.number}`}>{trial.number}</a>, numeric: true },
    { head: "worker", cell: worker },
    { head: "epoch", cell: (one) => <Epoch of={one} />, class: "nowrap" },
    { head: sweep.metric, cell: ({ curve }) => <Spark values={curve} label={`${sweep.metric} over ${curve.length} epochs`} /> },
    { head: "best", cell: (one) => metricText(sweep.metric, one.trial.value), numeric: true },
    { head: "parameters", cell: (_, i) => <Params of={sets[i]!} only={names} /> },
    says(({ loss }) => Number.isFinite(loss)) && {
      head: "loss",
      cell: ({ progress: at }) => (at && Number.isFinite(at.loss) ? at.loss.toFixed(3) : "–"),
      numeric: true,
    },
    says((at) => at.batches_per_second) && {
      head: "batches/s",
      cell: ({ progress: at }) => (at?.batches_per_second ? number(at.batches_per_second, 3) : "–"),
      numeric: true,
    },
    says((at) => at.seconds_left !== null) && {
      head: "ends in",
      cell: ({ progress: at }) => (at?.seconds_left != null ? duration(at.seconds_left) : "–"),
      numeric: true,
    },
  ];
  return <List rows={running} name={(one) => one.trial.number} columns={columns.filter((column) => column !== false)} />;
}
