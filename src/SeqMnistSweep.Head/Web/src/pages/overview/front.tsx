import type { ParetoRow, SweepSummary } from "../../api";
import { useData, usePaced } from "../../data";
import { configuration, many, metricText, parse, valueText, varied } from "../../format";
import { Empty, Ready } from "../../parts/basics";
import { List } from "../../parts/list";

const Most = 100;

/** Of a sweep with several metrics the configurations that no other beats. */
export function Front({ summary: { sweep, metrics } }: { summary: SweepSummary }) {
  const version = usePaced(sweep.completed, 2000);
  const rows = useData<ParetoRow[]>(`sweeps/${sweep.sweep}/front`, version);
  return (
    <Ready of={rows} what="the front">
      {(all) => {
        if (all.length === 0)
          return <Empty>No configuration has completed with all of {metrics.map((one) => one.name).join(", ")} yet.</Empty>;
        const front = all.slice(0, Most);
        const sets = front.map((row) => configuration(row.params));
        const values = front.map((row) => parse(row.values) as Record<string, number>);
        return (
          <>
            <p class="dim">
              {many(all.length, "configuration")} that no other beats in {metrics.map((one) => one.name).join(" and ")} together
              {front.length < all.length ? `; the first ${Most} are shown` : ""}.
            </p>
            <div class="scroll front" tabIndex={0} role="region" aria-label="configurations that no other beats">
              <List
                rows={front}
                name={(row) => row.trial}
                columns={[
                  { head: "trial", cell: (row) => <a href={`/t/${row.trial}`}>{row.trial.split("/")[1]}</a>, numeric: true },
                  ...metrics.map(({ name }) => ({
                    head: name,
                    cell: (_: ParetoRow, i: number) => metricText(name, values[i]![name]),
                    numeric: true,
                  })),
                  ...varied(sets).map((name) => ({ head: name, cell: (_: ParetoRow, i: number) => valueText(sets[i]![name]) })),
                ]}
              />
            </div>
          </>
        );
      }}
    </Ready>
  );
}
