import type { ImportanceAnswer, SweepSummary } from "../../api";
import { rankCorrelation } from "../../charts/axes";
import { useData, usePaced } from "../../data";
import { count } from "../../format";
import { Bar, Empty, Ready } from "../../parts/basics";
import { List } from "../../parts/list";
import type { Axes } from "./axes";

export function Importance({ summary: { sweep }, axes }: { summary: SweepSummary; axes: Axes }) {
  const version = usePaced(sweep.completed, 5000);
  const answer = useData<ImportanceAnswer>(`sweeps/${sweep.sweep}/importance`, version);
  return (
    <Ready of={answer} what="what matters">
      {({ shares, completed, needed }) => {
        if (shares.length === 0)
          return (
            <Empty>
              {completed < needed ? `${completed} completed trials say nothing of it; it takes ${needed}.` : "No parameter varies."}
            </Empty>
          );
        const correlation = new Map(axes.all.slice(0, -1).map((axis) => [axis.name, rankCorrelation(axis.at, axes.value.at)]));
        return (
          <>
            <p class="dim">
              Importance for being among the best tenth (PED-ANOVA, {count(completed)} trials), and rank correlation with {axes.value.name}{" "}
              over the trials above.
            </p>
            <List
              rows={shares}
              name={(one) => one.name}
              columns={[
                { head: "parameter", cell: (one) => one.name, names: true },
                { head: "importance", cell: (one) => one.share.toFixed(3), numeric: true },
                {
                  head: <span class="hidden">as a bar</span>,
                  cell: (one) => <Bar done={one.share} of={1} label={`${one.name} ${one.share.toFixed(3)}`} />,
                  class: "wide",
                },
                { head: "correlation", cell: (one) => correlation.get(one.name)?.toFixed(2) ?? "–", numeric: true },
              ]}
            />
          </>
        );
      }}
    </Ready>
  );
}
