import type { SweepSummary, WorkerInfo } from "../../api";
import { isThere } from "../../data";
import { duration, metricText } from "../../format";
import { useLive } from "../../live";
import { Panel, Time } from "../../parts/basics";
import { Events } from "../../parts/events";
import { Progress } from "../../parts/progress";
import { Failures } from "./failures";
import { Front } from "./front";
import { History } from "./history";
import { Leaderboard } from "./leaderboard";
import { Running } from "./running";

export function Overview({ summary }: { summary: SweepSummary }) {
  const { sweep } = summary;
  const several = summary.metrics.length > 1;
  return (
    <>
      <div class="facts">
        <div class="wide">
          <h2>Progress</h2>
          <Progress of={sweep} />
        </div>
        <div>
          <h2>{several ? `Best ${sweep.metric} so far` : "Best so far"}</h2>
          <Best summary={summary} />
        </div>
        <div>
          <h2>{sweep.finished ? "Ended" : "Ends in"}</h2>
          <Ends summary={summary} />
        </div>
      </div>
      {summary.waits ? (
        <p class="waits" role="status">
          <strong>Nothing runs:</strong> {summary.waits}
          <FirstWorker />
        </p>
      ) : null}
      <div class="columns">
        <Panel title={`Best ${sweep.metric} so far`}>
          <History summary={summary} />
        </Panel>
        <Panel
          title={several ? "Front" : "Leaderboard"}
          side={<a href={`/s/${sweep.sweep}/trials?sort=${sweep.goal === "maximize" ? "-" : ""}value`}>all trials</a>}
        >
          {several ? <Front summary={summary} /> : <Leaderboard summary={summary} />}
        </Panel>
      </div>
      {sweep.finished && summary.running_count === 0 ? null : (
        <Panel
          title="Running"
          side={
            summary.running_count > summary.running.length ? (
              <span class="dim">
                {summary.running.length} of {summary.running_count} shown
              </span>
            ) : null
          }
        >
          <Running summary={summary} />
        </Panel>
      )}
      {summary.failures.length > 0 ? (
        <Panel title="Failures by cause">
          <Failures summary={summary} />
        </Panel>
      ) : null}
      <Panel title="What happened">
        <Events sweep={sweep.sweep} />
      </Panel>
    </>
  );
}

/** How to get a worker, where there is none. */
function FirstWorker() {
  const workers = useLive<WorkerInfo[]>("workers");
  return workers && !workers.some(isThere) ? <code class="command">seqsweep worker --head {location.origin}</code> : null;
}

function Best({ summary: { best, sweep } }: { summary: SweepSummary }) {
  if (!best || best.value === null)
    return (
      <span class="dim">{sweep.completed ? "no finite value" : sweep.finished ? "no trial completed" : "no trial has completed yet"}</span>
    );
  return (
    <>
      <strong class="large">{metricText(sweep.metric, best.value)}</strong>
      <div>
        by <a href={`/t/${sweep.sweep}/${best.number}`}>trial {best.number}</a>
        {best.epoch ? ` at epoch ${best.epoch}` : ""}
      </div>
    </>
  );
}

function Ends({ summary: { eta, sweep, ran_seconds: ran } }: { summary: SweepSummary }) {
  if (sweep.finished)
    return (
      <>
        <strong class="large">
          <Time at={sweep.finished} />
        </strong>
        <div class="dim">{sweep.started ? `after ${duration(ran)} of running` : "before it began"}</div>
      </>
    );
  if (sweep.state === "paused") return <span class="dim">paused</span>;
  if (eta)
    return (
      <>
        <strong class="large">
          {duration(eta.seconds)} <small>± {duration(eta.spread)}</small>
        </strong>
        <div class="dim">{eta.basis}</div>
      </>
    );
  return (
    <span class="dim">
      {sweep.planned === null
        ? "open-ended: runs until it is stopped"
        : sweep.running
          ? "told when the first trial has ended"
          : "nothing runs"}
    </span>
  );
}
