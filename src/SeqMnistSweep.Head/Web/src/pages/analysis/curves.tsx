import { useMemo } from "preact/hooks";
import { type Curve, type CurveDensity, query, type SweepSummary, type TrialTable } from "../../api";
import { Chart } from "../../charts/chart";
import { curves } from "../../charts/curves";
import { density } from "../../charts/density";
import { pointsOf } from "../../charts/points";
import { useData, usePaced } from "../../data";
import { count, many, metricText } from "../../format";
import { Empty, Ready } from "../../parts/basics";
import { Choice } from "../../parts/choice";
import { type Place, put } from "../../route";
import { useReported } from "../metrics";

/** More lines than this are a stain: then their density says more. */
const MostLines = 500;

export function AllCurves({ summary, place }: { summary: SweepSummary; place: Place }) {
  const { sweep } = summary;
  const version = usePaced(sweep.completed + sweep.pruned, 10_000);
  const names = useReported(summary);
  const metric = place.get("curves") ?? sweep.metric;
  const table = useData<TrialTable>(
    `sweeps/${sweep.sweep}/trials${query({ where: "epochs_done > 0", sort: "best", columns: "number,state,value,params.*", limit: MostLines })}`,
    version,
  );
  return (
    <Ready of={table} what="the trials">
      {(trials) => {
        const many = trials.matched > MostLines;
        const as = many && place.get("curves-as") !== "lines" ? Density : Lines;
        const All = as;
        return (
          <>
            <div class="tools">
              <Choice
                label="metric"
                value={metric}
                names={names.includes(metric) ? names : [metric, ...names]}
                onChange={(to) => put({ curves: to === sweep.metric ? null : to })}
              />
              {many ? (
                <Choice
                  label="as"
                  value={as === Lines ? "lines" : "density"}
                  names={["density", "lines"]}
                  onChange={(to) => put({ "curves-as": to === "density" ? null : to })}
                />
              ) : null}
            </div>
            <All summary={summary} metric={metric} table={trials} version={version} />
          </>
        );
      }}
    </Ready>
  );
}

interface Shown {
  summary: SweepSummary;
  metric: string;
  table: TrialTable;
  version: unknown;
}

function Lines({ summary: { sweep }, metric, table, version }: Shown) {
  const numbers = table.columns.number as number[];
  const answer = useData<Curve[]>(
    numbers.length ? `sweeps/${sweep.sweep}/curves${query({ metric, trials: numbers.join(","), pixels: 300 })}` : null,
    version,
  );
  const text = (value: number) => metricText(metric, value);
  const picture = useMemo(
    () => (answer.data ? curves(answer.data, metric, pointsOf(sweep.sweep, sweep.metric, table), sweep.goal === "maximize", text) : null),
    [answer.data, table, metric],
  );
  if (numbers.length === 0) return <Empty>No trial has ended an epoch yet.</Empty>;
  return (
    <Ready of={answer} what="the curves">
      {() =>
        picture!.rows.length === 0 ? (
          <Empty>No epoch has a finite {metric} yet.</Empty>
        ) : (
          <Chart
            key={metric}
            name="curves"
            title={metric}
            by="epoch, a line per trial, the brightest the best"
            height={320}
            picture={picture!}
            summary={`${table.matched > numbers.length ? `The best ${count(numbers.length)} of ${count(table.matched)} curves` : many(picture!.lines, "curve")} of ${metric}, coloured by the trials' place in ${sweep.metric}.`}
          />
        )
      }
    </Ready>
  );
}

function Density({ summary: { sweep }, metric, version }: Shown) {
  const answer = useData<CurveDensity>(`sweeps/${sweep.sweep}/density${query({ metric, columns: 200, rows: 60 })}`, version);
  const picture = useMemo(
    () => (answer.data?.columns.length ? density(answer.data, (value) => metricText(metric, value)) : null),
    [answer.data, metric],
  );
  return (
    <Ready of={answer} what="the curves">
      {(of) =>
        picture ? (
          <Chart
            name="density"
            title={metric}
            by="epoch, bright where many curves pass; the line is the median"
            height={320}
            picture={picture}
            summary={wordsOf(of)}
          />
        ) : (
          <Empty>No epoch has a finite {metric} yet.</Empty>
        )
      }
    </Ready>
  );
}

function wordsOf({ metric, columns, curves, of }: CurveDensity): string {
  const [first, last] = [columns[0]!, columns.at(-1)!];
  const shown = curves < of ? `Every ${Math.round(of / curves)}th of ${count(of)} curves` : many(curves, "curve");
  const end = `${metricText(metric, last.median)} at epoch ${last.to}, where four fifths lie between ${metricText(metric, last.p10)} and ${metricText(metric, last.p90)}`;
  return columns.length === 1
    ? `${shown} of ${metric}: the median is ${end}.`
    : `${shown} of ${metric}: the median goes from ${metricText(metric, first.median)} at epoch ${first.from} to ${end}.`;
}
