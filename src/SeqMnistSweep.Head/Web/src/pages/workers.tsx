import { useEffect, useMemo, useState } from "preact/hooks";
import { type DeviceHealth, post, type QueryResult, type WorkerInfo } from "../api";
import { Chart } from "../charts/chart";
import type { Span } from "../charts/lanes";
import { timeline } from "../charts/timeline";
import { isThere, usePaced } from "../data";
import { ago, bytes, count, duration, many } from "../format";
import { useNewest } from "../live";
import { Ask } from "../parts/ask";
import { Bar, Empty, Panel, Ready, State, Wait } from "../parts/basics";

export function Workers() {
  const newest = useNewest<WorkerInfo[]>("workers", "workers");
  return (
    <>
      <div class="title">
        <h1>Workers</h1>
      </div>
      <Ready of={newest} what="the workers">
        {(workers) =>
          workers.length === 0 ? (
            <Empty>
              No worker has joined yet. On a machine with a GPU, or here: <pre>seqsweep worker --head {location.origin}</pre>
            </Empty>
          ) : (
            <>
              <Cards workers={workers} />
              <Panel title="Who ran what">
                <History version={workers.flatMap((worker) => worker.running.map((one) => one.lease)).join()} />
              </Panel>
            </>
          )
        }
      </Ready>
    </>
  );
}

const Cards = ({ workers }: { workers: WorkerInfo[] }) => {
  const there = workers.filter(isThere);
  const slots = there.reduce((sum, worker) => sum + worker.slots, 0);
  const busy = there.reduce((sum, worker) => sum + worker.running.length, 0);
  return (
    <>
      <p class="dim">
        {there.length} of {many(workers.length, "worker")} {there.length === 1 ? "is" : "are"} there
        {slots ? `; ${busy} of ${many(slots, "slot")} ${busy === 1 ? "runs" : "run"} a trial` : ""}.
      </p>
      <ul class="cards">
        {workers.map((worker) => (
          <li key={worker.worker} class="panel">
            <Card worker={worker} />
          </li>
        ))}
      </ul>
    </>
  );
};

/** What the driver says of the worker's GPUs. */
function Health({ of }: { of: DeviceHealth }) {
  return (
    <>
      {of.utilization !== null ? (
        <>
          <dt>busy</dt>
          <dd>
            <Bar done={of.utilization} of={100} label={`${of.utilization} % of the time something is computed`} /> {of.utilization} %
          </dd>
        </>
      ) : null}
      {of.ecc_errors || of.needs_reset ? (
        <>
          <dt>memory errors</dt>
          <dd>
            {of.ecc_errors ? `${of.ecc_errors} that ECC did not correct` : ""}
            {of.ecc_errors && of.needs_reset ? "; " : ""}
            {of.needs_reset ? "the GPU needs a reset" : ""}
          </dd>
        </>
      ) : null}
      {of.fault !== null ? (
        <>
          <dt>last fault</dt>
          <dd>
            {of.fault}
            {of.fault_time !== null ? `, ${ago(of.fault_time)}` : ""}
          </dd>
        </>
      ) : null}
    </>
  );
}

function Card({ worker }: { worker: WorkerInfo }) {
  return (
    <>
      <header>
        <h2>{worker.worker}</h2>
        <State of={worker.state} />
        <div class="side">
          {worker.drained_by !== null ? (
            <Ask
              label="Undrain"
              title={`Undrain ${worker.worker}`}
              what="It takes trials again."
              path={`workers/${encodeURIComponent(worker.worker)}/undrain`}
            />
          ) : worker.state === "ready" ? (
            <Ask
              label="Drain"
              title={`Drain ${worker.worker}`}
              what="Its trials are given back after a checkpoint and go on elsewhere; it takes no new ones until it is undrained."
              path={`workers/${encodeURIComponent(worker.worker)}/drain`}
            />
          ) : null}
        </div>
      </header>
      {worker.reason ? <p>{worker.reason}</p> : null}
      <dl>
        <dt>device</dt>
        <dd>{worker.device}</dd>
        <dt>slots</dt>
        <dd>
          {worker.running.length} of {worker.slots} busy
        </dd>
        {worker.tags.length ? (
          <>
            <dt>tags</dt>
            <dd>{worker.tags.join(", ")}</dd>
          </>
        ) : null}
        <dt>version</dt>
        <dd>{worker.version ?? "not heard since the head started"}</dd>
        <dt>heard</dt>
        <dd>{worker.seen ? ago(worker.seen) : "never"}</dd>
        {worker.memory ? (
          <>
            <dt>memory</dt>
            <dd>
              <Bar
                done={worker.memory.used}
                of={worker.memory.total}
                label={`${bytes(worker.memory.used)} of ${bytes(worker.memory.total)} taken`}
              />{" "}
              {bytes(worker.memory.used)} of {bytes(worker.memory.total)}
            </dd>
          </>
        ) : null}
        {worker.health ? <Health of={worker.health} /> : null}
        {worker.idle_p50_ms !== null ? (
          <>
            <dt>gap between trials</dt>
            <dd>
              {worker.idle_p50_ms.toFixed(1)} ms, p99 {worker.idle_p99_ms?.toFixed(1)} ms
            </dd>
          </>
        ) : null}
      </dl>
      {worker.running.length ? (
        <ul class="slots">
          {worker.running.map((one) => (
            <li key={one.lease}>
              <a href={`/t/${one.trial}`}>{one.trial}</a>
              {one.progress ? (
                <Bar
                  done={one.progress.epoch - 1 + one.progress.batch / Math.max(1, one.progress.batches)}
                  of={one.progress.epochs}
                  label={`epoch ${one.progress.epoch} of ${one.progress.epochs}`}
                />
              ) : (
                <span class="dim">starting</span>
              )}
              {one.progress?.seconds_left != null ? <span class="dim">{duration(one.progress.seconds_left)} left</span> : null}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

const MostSpans = 2000;

function History({ version }: { version: string }) {
  const paced = usePaced(version, 3000);
  const [answer, setAnswer] = useState<QueryResult | null>(null);
  useEffect(() => {
    void post<QueryResult>("query", {
      sql: `select worker, trial, attempt, outcome, started, ended from attempts where started is not null order by started desc limit ${MostSpans}`,
      max_rows: MostSpans,
    }).then(setAnswer, () => undefined);
  }, [paced]);
  const spans = useMemo(
    () =>
      (answer?.rows ?? []).map((row): Span => {
        const [lane, name, attempt, outcome, started, ended] = row as [string, string, number, string | null, string, string | null];
        return { lane, name, attempt, kind: outcome ?? "running", from: Date.parse(started), to: ended ? Date.parse(ended) : null };
      }),
    [answer],
  );
  return answer === null ? (
    <Wait for="Reading who ran what …" />
  ) : spans.length === 0 ? (
    <Empty>No trial has run yet.</Empty>
  ) : (
    <Timeline spans={spans} />
  );
}

function Timeline({ spans }: { spans: Span[] }) {
  const picture = useMemo(() => timeline(spans, Date.now()), [spans]);
  const note = spans.length === MostSpans ? `The last ${count(MostSpans)} attempts` : many(spans.length, "attempt");
  const workers = many(new Set(spans.map((span) => span.lane)).size, "worker");
  return (
    <Chart
      name="timeline"
      title="attempts"
      by="worker and time; gaps are idle time"
      height={Math.min(1200, 60 + picture.lanes * (picture.lanes > 40 ? 12 : 22))}
      picture={picture}
      summary={`${note} of ${workers} over ${duration((picture.to - picture.from) / 1000)}; their slots were busy ${(100 * picture.busy).toFixed(0)} % of that time.`}
    />
  );
}
