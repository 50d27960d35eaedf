import type { ImportanceAnswer, SweepSummary } from "../../api";
import { rankCorrelation } from "../../charts/axes";
import { useData, usePaced } from "../../data";
import { count, many } from "../../format";
import { Bar, Empty, Ready } from "../../parts/basics";
import { List } from "../../parts/list";
import type { Axes } from "./axes";

export function Importance({ summary: { sweep }, axes }: { summary: SweepSummary; axes: Axes }) {
  const version = usePaced(sweep.completed, 5000);
  const answer = useData<ImportanceAnswer>(`sweeps/${sweep.sweep}/importance`, version);
  return (
    <Ready of={answer} what="what matters">
      {({ shares, configurations, unfinished, epoch, needed, enough, is_adaptive }) => {
        if (shares.length === 0)
          return (
            <Empty>
              {configurations < needed
                ? `${many(configurations, "configuration")} say nothing of it; it takes ${needed}.`
                : "No parameter varies."}
            </Empty>
          );
        const correlation = new Map(axes.all.slice(0, -axes.metrics).map((axis) => [axis.name, rankCorrelation(axis.at, axes.value.at)]));
        return (
          <>
            <p class="dim">
              Importance for being among the best tenth, and where nine of ten bootstraps lie (PED-ANOVA,{" "}
              {many(configurations, "configuration")}
              {epoch === null ? "" : `, compared at epoch ${epoch}: ${count(unfinished)} of them were stopped early`}), and rank correlation
              with {axes.value.name} over the trials above.
              {configurations < enough ? ` Below ${enough} only the strongest effects show.` : ""}
              {is_adaptive ? ` ${sweep.method} searches near the best: what it narrowed early looks like noise by now.` : ""}
            </p>
            <List
              rows={shares}
              name={(one) => one.name}
              columns={[
                { head: "parameter", cell: (one) => one.name, names: true },
                {
                  head: "importance",
                  cell: (one) => (
                    <>
                      {one.share.toFixed(2)}{" "}
                      <span class="dim">
                        {one.low.toFixed(2)}–{one.high.toFixed(2)}
                      </span>
                    </>
                  ),
                  numeric: true,
                },
                {
                  head: <span class="hidden">as a bar</span>,
                  cell: (one) =>
                    one.is_noise ? (
                      <span class="dim">cannot be told from noise</span>
                    ) : (
                      <Bar done={one.share} of={1} label={`${one.name} ${one.share.toFixed(2)}`} />
                    ),
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
