import { useMemo } from "preact/hooks";
import { query, type RungValues, type RungWorth, type SweepSummary } from "../../api";
import { Chart } from "../../charts/chart";
import { rungs } from "../../charts/rungs";
import { useData, usePaced } from "../../data";
import { count, many, metricText } from "../../format";
import { Empty, Ready } from "../../parts/basics";

/** What trials had reached wherever some were stopped. */
export function Rungs({ summary: { sweep } }: { summary: SweepSummary }) {
  const version = usePaced(sweep.completed + sweep.pruned, 5000);
  const answer = useData<RungValues>(`sweeps/${sweep.sweep}/rungs${query({ metric: sweep.metric })}`, version);
  const { data: worth } = useData<RungWorth[]>(`sweeps/${sweep.sweep}/ladder`, version);
  const picture = useMemo(
    () =>
      answer.data &&
      rungs(
        sweep.sweep,
        sweep.metric,
        answer.data.trials.map((trial, i) => ({
          trial,
          state: answer.data!.states[i]!,
          epoch: answer.data!.epochs[i]!,
          value: answer.data!.values[i]!,
        })),
        (value) => metricText(sweep.metric, value),
      ),
    [answer.data],
  );
  return (
    <Ready of={answer} what="what trials had reached">
      {() =>
        !picture || picture.epochs.length === 0 ? (
          <Empty>No trial has ended yet.</Empty>
        ) : (
          <>
            <Chart
              name="rungs"
              title={sweep.metric}
              by="the epochs at which trials were stopped"
              picture={picture}
              summary={`${many(picture.rows.length, "value")} at ${picture.epochs.length === 1 ? "epoch" : "epochs"} ${picture.epochs.join(", ")}.`}
            />
            {worth?.length ? (
              <ul class="worth">
                {worth.map((rung) => (
                  <li key={rung.epoch}>
                    Epoch {rung.epoch}: {count(rung.beyond)} of {many(rung.reached, "trial")} went on, {many(rung.saved, "epoch")} saved;{" "}
                    {rung.found}.
                  </li>
                ))}
              </ul>
            ) : null}
          </>
        )
      }
    </Ready>
  );
}
