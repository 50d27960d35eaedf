import { useMemo } from "preact/hooks";
import { type SpaceAnswer, type SweepSummary, type TrialTable, valuesOf } from "../../api";
import { useData, usePaced } from "../../data";
import { count, kinds, many } from "../../format";
import { Empty, Panel, Ready } from "../../parts/basics";
import { type Place, put } from "../../route";
import { useAxes } from "./axes";
import { AllCurves } from "./curves";
import { Importance } from "./importance";
import { Lines } from "./lines";
import { WithOthers } from "./others";
import { Pair } from "./pair";
import { Pareto } from "./pareto";
import { ContourOfTwo, Rank, rangesOf } from "./plane";
import { Most, spaceOf, tableOf } from "./reads";
import { Rungs } from "./rungs";
import { Slice } from "./slice";
import { Survival } from "./survival";

export function Analysis({ summary, place }: { summary: SweepSummary; place: Place }) {
  const { sweep } = summary;
  const version = usePaced(sweep.completed + sweep.pruned, 5000);
  const table = useData<TrialTable>(tableOf(sweep.sweep, place), version);
  const space = useData<SpaceAnswer>(spaceOf(sweep.sweep));
  return (
    <Ready of={table} what="the trials">
      {(trials) =>
        (trials.columns.number?.length ?? 0) === 0 ? (
          <Empty>The pictures begin with the first trial that reported {sweep.metric}.</Empty>
        ) : (
          <Pictures summary={summary} table={trials} space={space.data} place={place} />
        )
      }
    </Ready>
  );
}

function Pictures({ summary, table, space, place }: { summary: SweepSummary; table: TrialTable; space: SpaceAnswer | null; place: Place }) {
  const { sweep } = summary;
  const values = table.columns.value as number[];
  // Every brush draws the page again, and thousands of values are compared only when there are new ones.
  const varying = useMemo(() => table.parameters.filter((name) => kinds(valuesOf(table, name)) > 1), [table]);
  const axes = useAxes(table, varying, space, summary.metrics);
  const ranges = rangesOf(varying, space);
  const shown = values.length;
  return (
    <>
      <div class="tools">
        <span>
          {shown < table.matched ? (
            <>
              The best <strong>{count(shown)}</strong> of {count(table.matched)} trials with a value.{" "}
              {shown < Most ? (
                <button type="button" onClick={() => put({ lines: String(Most) })}>
                  Show {count(Math.min(Most, table.matched))}
                </button>
              ) : null}
            </>
          ) : (
            `All ${many(shown, "trial")} with a value.`
          )}
        </span>
        {table.parameters.length > varying.length ? (
          <span class="dim">{many(table.parameters.length - varying.length, "parameter")} the same in all and left out</span>
        ) : null}
      </div>
      {summary.metrics.length > 1 ? (
        <Panel title="Front">
          <Pareto summary={summary} />
        </Panel>
      ) : null}
      <Panel title="Parallel coordinates">
        <Lines summary={summary} table={table} axes={axes} place={place} />
      </Panel>
      <div class="columns">
        <Panel later title="What matters">
          <Importance summary={summary} axes={axes} />
        </Panel>
        <Panel later title="Slice">
          <Slice summary={summary} table={table} varying={varying} space={space} place={place} />
        </Panel>
      </div>
      <Panel later title="All curves">
        <AllCurves summary={summary} place={place} />
      </Panel>
      <div class="columns">
        {ranges.length > 1 ? (
          <Panel later title="Contour">
            <ContourOfTwo summary={summary} names={ranges} place={place} />
          </Panel>
        ) : null}
        <Panel later title="Rank">
          <Rank summary={summary} table={table} varying={varying} space={space} place={place} />
        </Panel>
        <Panel later title="Two parameters">
          <Pair summary={summary} table={table} varying={varying} space={space} place={place} />
        </Panel>
        {sweep.pruned > 0 ? (
          <Panel later title="Trials that reached an epoch">
            <Survival sweep={sweep.sweep} version={sweep.completed + sweep.pruned} />
          </Panel>
        ) : null}
      </div>
      {sweep.pruned + sweep.paused > 0 ? (
        <Panel later title="Where trials were stopped">
          <Rungs summary={summary} />
        </Panel>
      ) : null}
      <Panel later title="Beside other sweeps">
        <WithOthers summary={summary} place={place} />
      </Panel>
    </>
  );
}
