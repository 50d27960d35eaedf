import { useMemo } from "preact/hooks";
import { metricColumn, type ParetoRow, query, type SweepSummary, type TrialTable } from "../../api";
import { Chart } from "../../charts/chart";
import { front, measured } from "../../charts/front";
import { pointsOf } from "../../charts/points";
import { volumeShare } from "../../charts/volume";
import { useData, usePaced } from "../../data";
import { many } from "../../format";
import { Empty, Ready } from "../../parts/basics";

const Most = 20_000;

/** Every pair of the sweep's metrics. */
export function Pareto({ summary: { sweep, metrics } }: { summary: SweepSummary }) {
  const version = usePaced(sweep.completed, 5000);
  const table = useData<TrialTable>(
    `sweeps/${sweep.sweep}/trials${query({ where: "state == 'completed'", columns: "number,state,value,configuration,params.*,metrics.*", limit: Most })}`,
    version,
  );
  const best = useData<ParetoRow[]>(`sweeps/${sweep.sweep}/front`, version);
  const points = useMemo(() => {
    if (!table.data || !best.data) return null;
    const { columns } = table.data;
    const { parameters } = pointsOf(sweep.sweep, sweep.metric, table.data);
    return measured(
      (columns.number as number[]).map((number, i) => ({
        number,
        configuration: columns.configuration![i] as number,
        values: metrics.map(({ name }) => columns[metricColumn(name)]?.[i] as number | null | undefined),
        parameters: parameters(i),
      })),
      metrics.map((one) => one.name),
      sweep.seeds,
      new Set(best.data.map((row) => Number(row.trial.split("/")[1]))),
    );
  }, [table.data, best.data]);
  const pictures = useMemo(
    () =>
      points === null
        ? []
        : metrics.flatMap((x, i) => metrics.slice(i + 1).map((y) => ({ x, y, picture: front(sweep.sweep, points, [x, y], metrics) }))),
    [points],
  );
  const share = useMemo(() => points && volumeShare(points, metrics), [points]);
  const volume = share === null ? "" : ` Hypervolume: ${share.toFixed(3)} of the box from the worst to the best value in each metric.`;
  return (
    <Ready of={table} what="the metrics">
      {() =>
        points === null ? null : points.length === 0 ? (
          <Empty>No configuration has completed with all of {metrics.map((one) => one.name).join(", ")} yet.</Empty>
        ) : (
          <div class={pictures.length > 1 ? "columns" : undefined}>
            {pictures.map(({ x, y, picture }) => (
              <Chart
                key={`${x.name} ${y.name}`}
                name={pictures.length > 1 ? `front-${x.name}-${y.name}` : "front"}
                title={`${y.name}, ${y.maximize ? "the more" : "the less"} the better`}
                by={`${x.name}, ${x.maximize ? "the more" : "the less"} the better`}
                picture={picture}
                height={320}
                summary={`${many(points.length, "configuration")}; ${points.filter((one) => one.inFront).length} of them no other beats in ${metrics.map((one) => one.name).join(" and ")} together.${volume}`}
              />
            ))}
          </div>
        )
      }
    </Ready>
  );
}
