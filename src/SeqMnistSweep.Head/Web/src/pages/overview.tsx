import { useEffect, useMemo, useState } from "preact/hooks";
import type { BestSoFar, EventRow, LeaderboardRow, SweepSummary } from "../api";
import { Plot, Spark } from "../charts/plot";
import { useData, usePaced } from "../data";
import { count, duration, metricText, number, parse, valueText, varied } from "../format";
import { listen } from "../live";
import { Ask } from "../parts/ask";
import { Bar, Empty, Panel, Params, Ready, Time } from "../parts/basics";
import { Progress } from "../parts/progress";

export function Overview({ summary }: { summary: SweepSummary }) {
  const { sweep } = summary;
  return (
    <>
      <div class="facts">
        <div class="wide">
          <h2>Progress</h2>
          <Progress of={sweep} />
        </div>
        <div>
          <h2>Best so far</h2>
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
        </p>
      ) : null}
      <div class="columns">
        <Panel title={`Best ${sweep.metric} so far`}>
          <History summary={summary} />
        </Panel>
        <Panel
          title="Leaderboard"
          side={<a href={`/s/${sweep.sweep}/trials?sort=${sweep.goal === "maximize" ? "-" : ""}value`}>all trials</a>}
        >
          <Leaderboard summary={summary} />
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

function Best({ summary: { best, sweep } }: { summary: SweepSummary }) {
  if (!best || best.value === null)
    return <span class="dim">{sweep.completed ? "no finite value yet" : "no trial has completed yet"}</span>;
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

function Ends({ summary: { eta, sweep } }: { summary: SweepSummary }) {
  if (sweep.finished)
    return (
      <>
        <strong class="large">
          <Time at={sweep.finished} />
        </strong>
        <div class="dim">
          {sweep.started ? `after ${duration((Date.parse(sweep.finished) - Date.parse(sweep.started)) / 1000)}` : "before it began"}
        </div>
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

function History({ summary }: { summary: SweepSummary }) {
  const { sweep } = summary;
  const version = usePaced(sweep.completed, 2000);
  const steps = useData<BestSoFar[]>(`sweeps/${sweep.sweep}/history`, version);
  return (
    <Ready of={steps} what="how the best came about">
      {(best) => {
        if (best.length === 0) return <Empty>The first completed trial begins the curve.</Empty>;
        const last = best[best.length - 1]!;
        const x = [...best.map((step) => step.done), ...(sweep.completed > last.done ? [sweep.completed] : [])];
        const y = [...best.map((step) => step.value), ...(sweep.completed > last.done ? [last.value] : [])];
        return (
          <Plot
            series={[{ label: sweep.metric, x, y }]}
            kind="step"
            x="completed trials"
            y={sweep.metric}
            text={(value) => metricText(sweep.metric, value)}
            summary={`Best ${metricText(sweep.metric, last.value)} by trial ${last.trial}, reached after ${count(last.done)} of ${count(sweep.completed)} completed trials; ${best.length} improvements.`}
          />
        );
      }}
    </Ready>
  );
}

function Leaderboard({ summary }: { summary: SweepSummary }) {
  const { sweep } = summary;
  const version = usePaced(sweep.completed, 2000);
  const rows = useData<LeaderboardRow[]>(`sweeps/${sweep.sweep}/leaderboard?top=10`, version);
  return (
    <Ready of={rows} what="the leaderboard">
      {(best) => {
        if (best.length === 0) return <Empty>No trial has completed yet.</Empty>;
        const sets = best.map((row) => parse(row.params));
        const names = varied(sets);
        return (
          <div class="scroll" tabIndex={0} role="region" aria-label="the best configurations">
            <table class="list">
              <thead>
                <tr>
                  <th scope="col" class="num">
                    rank
                  </th>
                  <th scope="col" class="num">
                    trial
                  </th>
                  <th scope="col" class="num">
                    {sweep.metric}
                  </th>
                  {names.map((name) => (
                    <th scope="col" key={name}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {best.map((row, i) => (
                  <tr key={row.trial}>
                    <td class="num">{row.rank}</td>
                    <td class="num">
                      <a href={`/t/${row.trial}`}>{row.trial.split("/")[1]}</a>
                    </td>
                    <td class="num">
                      {metricText(sweep.metric, row.value)}
                      {row.deviation !== null ? (
                        <span class="dim">
                          {" "}
                          ± {metricText(sweep.metric, row.deviation)} ({row.seeds})
                        </span>
                      ) : null}
                    </td>
                    {names.map((name) => (
                      <td key={name}>{valueText(sets[i]![name])}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      }}
    </Ready>
  );
}

function Running({ summary: { running, sweep } }: { summary: SweepSummary }) {
  if (running.length === 0)
    return <Empty>{sweep.running ? `${sweep.running} trials run; how far they are is known to their head only.` : "No trial runs."}</Empty>;
  const sets = running.map((one) => parse(one.trial.params));
  const names = running.length > 1 ? varied(sets) : Object.keys(sets[0]!).slice(0, 8);
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col" class="num">
              trial
            </th>
            <th scope="col">worker</th>
            <th scope="col">epoch</th>
            <th scope="col">{sweep.metric}</th>
            <th scope="col" class="num">
              best
            </th>
            <th scope="col" class="num">
              loss
            </th>
            <th scope="col" class="num">
              batches/s
            </th>
            <th scope="col" class="num">
              ends in
            </th>
            <th scope="col">parameters</th>
          </tr>
        </thead>
        <tbody>
          {running.map((one, i) => {
            const at = one.progress;
            return (
              <tr key={one.trial.number}>
                <td class="num">
                  <a href={`/t/${sweep.sweep}/${one.trial.number}`}>{one.trial.number}</a>
                </td>
                <td>
                  {one.worker}
                  {one.attempt > 1 ? <span class="dim"> attempt {one.attempt}</span> : null}
                </td>
                <td class="nowrap">
                  {at ? (
                    <>
                      <Bar
                        done={at.epoch - 1 + (at.batches ? at.batch / at.batches : 0)}
                        of={at.epochs}
                        label={`epoch ${at.epoch} of ${at.epochs}, batch ${at.batch} of ${at.batches}`}
                      />
                      {` ${at.epoch}/${at.epochs}`}
                    </>
                  ) : (
                    <span class="dim">{one.curve.length ? "in short epochs" : "starting"}</span>
                  )}
                </td>
                <td>
                  <Spark values={one.curve} label={`${sweep.metric} over ${one.curve.length} epochs`} />
                </td>
                <td class="num">{metricText(sweep.metric, one.trial.value)}</td>
                <td class="num">{at && Number.isFinite(at.loss) ? at.loss.toFixed(3) : "–"}</td>
                <td class="num">{at?.batches_per_second ? number(at.batches_per_second, 3) : "–"}</td>
                <td class="num">{at?.seconds_left != null ? duration(at.seconds_left) : "–"}</td>
                <td>
                  <Params of={sets[i]!} only={names} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const Failures = ({ summary: { failures, sweep } }: { summary: SweepSummary }) => (
  <div class="scroll">
    <table class="list">
      <thead>
        <tr>
          <th scope="col">cause</th>
          <th scope="col" class="num">
            trials
          </th>
          <th scope="col">for example</th>
          <th scope="col">it says</th>
          <th scope="col">
            <span class="hidden">what to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {failures.map((failure) => (
          <tr key={failure.cause}>
            <th scope="row" class="failed">
              {failure.cause.replaceAll("_", " ")}
            </th>
            <td class="num">{count(failure.trials)}</td>
            <td>
              <a href={`/t/${failure.example}`}>{failure.example}</a>
            </td>
            <td class="message">{failure.message}</td>
            <td class="buttons">
              <a href={`/s/${sweep.sweep}/trials?where=${encodeURIComponent(`cause == '${failure.cause}'`)}`}>show</a>
              <Ask
                label="Retry"
                title={`Retry ${failure.trials} failed trials`}
                what="Each goes on from its last checkpoint, as a new attempt."
                path={`sweeps/${sweep.sweep}/retry`}
                body={{ cause: failure.cause }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const MostEvents = 200;

export function Events({ sweep, trial }: { sweep: string; trial?: number }) {
  const path = trial === undefined ? `sweeps/${sweep}/events?last=${MostEvents}` : `trials/${sweep}/${trial}/events?last=${MostEvents}`;
  const loaded = useData<EventRow[]>(path);
  const [newer, setNewer] = useState<EventRow[]>([]);
  const topic = trial === undefined ? `sweep:${sweep}` : `trial:${sweep}/${trial}`;
  useEffect(() => {
    setNewer([]);
    return listen(
      topic,
      () => undefined,
      (events) => setNewer((old) => [...old, ...events].slice(-MostEvents)),
    );
  }, [topic]);
  const all = useMemo(() => {
    const known = new Map([...(loaded.data ?? []), ...newer].map((event) => [event.event, event]));
    return [...known.values()].sort((a, b) => b.event - a.event).slice(0, MostEvents);
  }, [loaded.data, newer]);
  return (
    <Ready of={loaded} what="the events">
      {() =>
        all.length === 0 ? (
          <Empty>Nothing yet.</Empty>
        ) : (
          <ol class="events" tabIndex={0} aria-label={`the last ${all.length} events, the newest first`}>
            {all.map((event) => (
              <li key={event.event}>
                <Time at={event.time} />
                <span>
                  {event.trial && trial === undefined ? (
                    <a href={`/t/${event.trial}`}>trial {event.trial.split("/")[1]}</a>
                  ) : trial === undefined ? (
                    "sweep"
                  ) : (
                    ""
                  )}
                </span>
                <span class={event.to_state ?? ""}>{event.to_state ?? event.kind.replaceAll("_", " ")}</span>
                <span>
                  {event.reason} <span class="dim">{event.actor}</span>
                </span>
              </li>
            ))}
          </ol>
        )
      }
    </Ready>
  );
}
