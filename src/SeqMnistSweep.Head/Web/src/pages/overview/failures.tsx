import type { SweepSummary } from "../../api";
import { count } from "../../format";
import { Ask } from "../../parts/ask";
import { List } from "../../parts/list";

export const Failures = ({ summary: { failures, sweep } }: { summary: SweepSummary }) => (
  <List
    rows={failures}
    name={(one) => one.cause}
    columns={[
      { head: "cause", cell: (one) => one.cause.replaceAll("_", " "), names: true, class: "failed" },
      { head: "trials", cell: (one) => count(one.trials), numeric: true },
      { head: "for example", cell: (one) => <a href={`/t/${one.example}`}>{one.example}</a> },
      { head: "it says", cell: (one) => one.message, class: "message" },
      {
        head: <span class="hidden">what to do</span>,
        class: "buttons",
        cell: (one) => (
          <>
            <a href={`/s/${sweep.sweep}/trials?where=${encodeURIComponent(`cause == '${one.cause}'`)}`}>show</a>
            <Ask
              label="Retry"
              title={`Retry ${one.trials} failed trials`}
              what="Each goes on from its last checkpoint, as a new attempt."
              path={`sweeps/${sweep.sweep}/retry`}
              body={{ cause: one.cause }}
            />
          </>
        ),
      },
    ]}
  />
);
