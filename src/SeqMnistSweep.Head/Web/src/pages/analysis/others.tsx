import { useEffect, useMemo, useState } from "preact/hooks";
import { type BestSoFar, get, type LeaderboardRow, type SweepRow, type SweepSummary } from "../../api";
import { Chart } from "../../charts/chart";
import { edf } from "../../charts/edf";
import { type Way, ways } from "../../charts/progress";
import { useData, usePaced } from "../../data";
import { isWhole, many, metricText, secondsFrom } from "../../format";
import { Choice } from "../../parts/choice";
import { type Place, put, toggled } from "../../route";

const Most = 8;

interface Read {
  way: Way;
  values: number[];
}

async function read(sweep: SweepRow): Promise<Read> {
  const [steps, rows] = await Promise.all([
    get<BestSoFar[]>(`sweeps/${sweep.sweep}/history`),
    get<LeaderboardRow[]>(`sweeps/${sweep.sweep}/leaderboard?top=20000`),
  ]);
  const seconds = sweep.started ? secondsFrom(sweep.started, sweep.finished) : 0;
  return {
    way: { label: sweep.sweep, steps, end: { done: sweep.completed, seconds } },
    values: rows.flatMap((row) => (isWhole(row) && row.value !== null ? [row.value] : [])),
  };
}

/** The way to the best and the spread of the values, of this sweep and of others beside it. */
export function WithOthers({ summary: { sweep }, place }: { summary: SweepSummary; place: Place }) {
  const version = usePaced(sweep.completed, 5000);
  const all = useData<SweepRow[]>("sweeps");
  const others = (all.data ?? []).filter((one) => one.sweep !== sweep.sweep && one.metric === sweep.metric && one.completed > 0);
  const asked = place.get("with")?.split(",").filter(Boolean) ?? [];
  const shown = [sweep, ...others.filter((one) => asked.includes(one.sweep))].slice(0, Most);
  const [known, setKnown] = useState<Read[]>([]);
  const [by, setBy] = useState<"done" | "seconds">("done");
  useEffect(() => {
    let gone = false;
    Promise.all(shown.map(read)).then(
      (found) => gone || setKnown(found),
      () => gone || setKnown([]),
    );
    return () => {
      gone = true;
    };
  }, [shown.map((one) => one.sweep).join(), version]);
  const text = (value: number) => metricText(sweep.metric, value);
  const progress = useMemo(
    () =>
      ways(
        known.map((one) => one.way),
        sweep.metric,
        by,
        text,
      ),
    [known, by],
  );
  const spread = useMemo(
    () =>
      edf(
        known.map((one) => ({ label: one.way.label, values: one.values })),
        sweep.metric,
        text,
      ),
    [known],
  );
  const count = known.reduce((sum, one) => sum + one.values.length, 0);
  return (
    <>
      <div class="tools">
        <Choice
          label="beside it"
          value=""
          names={["", ...others.filter((one) => !asked.includes(one.sweep)).map((one) => one.sweep)]}
          onChange={(to) => to && put({ with: [...asked, to].join(",") })}
        />
        {asked.map((one) => (
          <button type="button" key={one} onClick={() => put({ with: toggled(asked, one).join(",") })}>
            {one} ×
          </button>
        ))}
        <Choice
          label="by"
          value={by === "done" ? "trials" : "time"}
          names={["trials", "time"]}
          onChange={(to) => setBy(to === "trials" ? "done" : "seconds")}
        />
        {others.length === 0 ? <span class="dim">no other sweep here has values of {sweep.metric}</span> : null}
      </div>
      {known.length === 0 ? null : (
        <div class="columns">
          <Chart
            name="progress"
            title={`best ${sweep.metric} so far`}
            by={by === "done" ? "completed trials" : "time"}
            picture={progress}
            summary={known
              .map(({ way: { label, steps } }) =>
                steps.length === 0 ? `${label} has none yet` : `${label} reached ${text(steps[steps.length - 1]!.value)}`,
              )
              .join("; ")}
          />
          <Chart
            name="edf"
            title="share of configurations"
            by={`at most this ${sweep.metric}`}
            picture={spread}
            summary={`${many(count, "configuration")} of ${many(known.length, "sweep")}; the further ${sweep.goal === "maximize" ? "to the right" : "to the left"} a line, the better.`}
          />
        </div>
      )}
    </>
  );
}
