import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import {
  type AttemptRow,
  type CheckpointRow,
  get,
  type LeaderboardRow,
  query,
  Refusal,
  type SamplePrediction,
  type SweepRow,
  type TrialCurves,
  type TrialRow,
} from "../api";
import { Plot } from "../charts/plot";
import { useData, usePaced } from "../data";
import { asCommand, asYaml, bytes, count, duration, metricText, number, parse, valueText } from "../format";
import { useLive } from "../live";
import { Ask } from "../parts/ask";
import { Copy, Empty, Panel, Ready, State, Time } from "../parts/basics";
import type { Place } from "../route";
import { Events } from "./overview";

export function TrialPage({ place }: { place: Place }) {
  const [, sweep = "", text = ""] = place.path;
  const at = `trials/${encodeURIComponent(sweep)}/${encodeURIComponent(text)}`;
  const loaded = useData<TrialRow>(at);
  const live = useLive<TrialRow>(`trial:${sweep}/${text}`);
  const of = useData<SweepRow>(`sweeps/${encodeURIComponent(sweep)}`);
  return (
    <Ready of={live ? { data: live, error: null } : loaded} what={`trial ${sweep}/${text}`}>
      {(trial) => (
        <Ready of={of} what="its sweep">
          {(row) => <Body key={trial.trial} trial={trial} sweep={row} />}
        </Ready>
      )}
    </Ready>
  );
}

function Body({ trial, sweep }: { trial: TrialRow; sweep: SweepRow }) {
  const at = `trials/${trial.sweep}/${trial.number}`;
  const params = useMemo(() => parse(trial.params), [trial.params]);
  const { data: samples } = useData<SamplePrediction[]>("samples" in parse(trial.facts) ? `${at}/samples` : null);
  const active = ["leased", "running"].includes(trial.state);
  const open = active || trial.state === "queued" || trial.state === "paused";
  const took = trial.started ? (Date.parse(trial.finished ?? new Date().toISOString()) - Date.parse(trial.started)) / 1000 : null;
  return (
    <>
      <div class="title">
        <h1>
          <a href={`/s/${trial.sweep}`}>{trial.sweep}</a> / {trial.number}
        </h1>
        <State of={trial.state} cause={trial.cause} />
        {trial.message ? <span class="message">{trial.message}</span> : null}
        <div class="side buttons">
          <Copy text={() => asYaml(params)}>Copy as YAML</Copy>
          <Copy text={() => asCommand(trial.sweep, params)}>Copy as command</Copy>
          {trial.state === "failed" ? (
            <Ask
              label="Retry"
              title={`Retry trial ${trial.number}`}
              what="It goes on from its last checkpoint, as a new attempt."
              path={`sweeps/${trial.sweep}/retry`}
              body={{ trials: [trial.number] }}
            />
          ) : null}
          {open ? (
            <Ask
              label="Cancel"
              title={`Cancel trial ${trial.number}`}
              what="This trial ends now; the others go on."
              path={`${at}/cancel`}
              danger
            />
          ) : null}
        </div>
      </div>
      <div class="facts">
        <div>
          <h2>{sweep.metric}</h2>
          <strong class="large">{metricText(sweep.metric, trial.value)}</strong>
          <div class="dim">{trial.epoch ? `at epoch ${trial.epoch} of ${trial.epochs} reported` : "no epoch yet"}</div>
        </div>
        <div>
          <h2>Test</h2>
          <strong class="large">{metricText("accuracy", trial.test_accuracy)}</strong>
          <div class="dim">
            {trial.test_loss === null ? "measured at the end, on the best checkpoint" : `loss ${number(trial.test_loss)}`}
          </div>
        </div>
        <div>
          <h2>Time</h2>
          <strong class="large">{took === null ? "–" : duration(took)}</strong>
          <div class="dim">
            {trial.started ? (
              <>
                since <Time at={trial.started} />
              </>
            ) : (
              "not started"
            )}
          </div>
        </div>
        <div>
          <h2>Where</h2>
          <strong class="large">{trial.worker ?? "–"}</strong>
          <div class="dim">
            {trial.device ?? "no worker yet"}, attempt {trial.attempts}
          </div>
        </div>
        <div>
          <h2>From</h2>
          <span>{trial.origin ?? "–"}</span>
          <div class="dim">
            seed {trial.seed}
            {trial.parameters ? `, ${count(trial.parameters)} weights` : ""}
          </div>
        </div>
      </div>
      <Curves trial={trial} sweep={sweep} />
      <div class="columns">
        <Panel title="Configuration">
          <Configuration trial={trial} params={params} />
        </Panel>
        <Panel title="Attempts">
          <Attempts trial={trial} />
        </Panel>
      </div>
      {samples?.length ? (
        <Panel title="Sample digits">
          <Samples samples={samples} trial={trial} params={params} />
        </Panel>
      ) : null}
      <Panel title="Log">
        <Log trial={trial} follow={active} />
      </Panel>
      <div class="columns">
        <Panel title="Checkpoints">
          <Checkpoints trial={trial} />
        </Panel>
        <Panel title="What ran">
          <Facts trial={trial} />
        </Panel>
      </div>
      <Panel title="What happened">
        <Events sweep={trial.sweep} trial={trial.number} />
      </Panel>
    </>
  );
}

const groups: { title: string; has: (metric: string) => boolean }[] = [
  { title: "accuracy", has: (metric) => metric.endsWith("_accuracy") },
  { title: "loss", has: (metric) => metric.endsWith("_loss") },
];

function Curves({ trial, sweep }: { trial: TrialRow; sweep: SweepRow }) {
  const version = usePaced(trial.epochs, 500);
  const curves = useData<TrialCurves>(`trials/${trial.sweep}/${trial.number}/curves?pixels=800`, version);
  return (
    <Ready of={curves} what="the curves">
      {({ metrics, reported }) => {
        if (reported === 0)
          return (
            <Empty>
              {trial.state === "queued"
                ? "It waits for a slot; the curves begin with its first epoch."
                : "The curves begin with the first epoch."}
            </Empty>
          );
        const rest = metrics.filter((one) => !groups.some((group) => group.has(one.metric)));
        const plots = [
          ...groups
            .map((group) => ({ title: group.title, of: metrics.filter((one) => group.has(one.metric)) }))
            .filter((group) => group.of.length > 0),
          ...rest.map((one) => ({ title: one.metric, of: [one] })),
        ];
        return (
          <div class="plots">
            {plots.map(({ title, of }) => (
              <Plot
                key={title}
                series={of.map((one) => ({ label: one.metric, x: one.epochs, y: one.values }))}
                x="epoch"
                y={title.replaceAll("_", " ")}
                height={190}
                sync="trial"
                text={(value) =>
                  title.includes("accuracy") ? metricText("accuracy", value) : title === "loss" ? number(value, 4) : textOf(title, value)
                }
                summary={of.map((one) => summaryOf(one.metric, one.epochs, one.values, sweep)).join(" ")}
              />
            ))}
          </div>
        );
      }}
    </Ready>
  );
}

const textOf = (metric: string, value: number) => (metric.endsWith("memory") ? bytes(value) : metricText(metric, value));

function summaryOf(metric: string, epochs: number[], values: (number | null)[], sweep: SweepRow): string {
  const points = values
    .map((value, i) => [value, epochs[i]!] as const)
    .filter((point): point is readonly [number, number] => point[0] !== null);
  if (points.length === 0) return `${metric}: no finite value.`;
  const name = metric.replaceAll("_", " ");
  if (metric !== sweep.metric && !groups.some((group) => group.has(metric))) {
    const values = points.map((point) => point[0]);
    return `${name}: ${textOf(
      metric,
      values.reduce((a, b) => Math.min(a, b)),
    )} to ${textOf(
      metric,
      values.reduce((a, b) => Math.max(a, b)),
    )}, now ${textOf(metric, points[points.length - 1]![0])}.`;
  }
  const up = metric === sweep.metric ? sweep.goal === "maximize" : metric.includes("accuracy");
  const best = points.reduce((a, b) => ((up ? b[0] > a[0] : b[0] < a[0]) ? b : a));
  const last = points[points.length - 1]!;
  return `${name}: ${up ? "highest" : "lowest"} ${metricText(metric, best[0])} at epoch ${best[1]}, now ${metricText(metric, last[0])}.`;
}

function Configuration({ trial, params }: { trial: TrialRow; params: Record<string, unknown> }) {
  const best = useData<LeaderboardRow[]>(`sweeps/${trial.sweep}/leaderboard?top=1`);
  const first = best.data?.[0];
  const other = first && first.trial !== trial.trial ? parse(first.params) : null;
  const names = [...new Set([...Object.keys(params), ...Object.keys(other ?? {})])];
  const differ = (name: string) => other !== null && JSON.stringify(params[name]) !== JSON.stringify(other[name]);
  return (
    <>
      <p class="dim">
        {first ? (
          first.trial === trial.trial ? (
            "This is the best one."
          ) : (
            <>
              Beside the best, <a href={`/t/${first.trial}`}>trial {first.trial.split("/")[1]}</a>: {names.filter(differ).length} differ.
            </>
          )
        ) : (
          "No trial has completed to compare with."
        )}
      </p>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">parameter</th>
            <th scope="col">here</th>
            {other ? <th scope="col">best</th> : null}
          </tr>
        </thead>
        <tbody>
          {names
            .sort((a, b) => Number(differ(b)) - Number(differ(a)))
            .map((name) => (
              <tr key={name} class={differ(name) ? "differs" : ""}>
                <th scope="row">{name}</th>
                <td>{valueText(params[name])}</td>
                {other ? <td>{valueText(other[name])}</td> : null}
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

function Attempts({ trial }: { trial: TrialRow }) {
  const version = usePaced(trial.attempts + trial.state.length, 500);
  const attempts = useData<AttemptRow[]>(`trials/${trial.sweep}/${trial.number}/attempts`, `${version}${trial.state}`);
  return (
    <Ready of={attempts} what="the attempts">
      {(all) =>
        all.length === 0 ? (
          <Empty>None has begun.</Empty>
        ) : (
          <table class="list">
            <thead>
              <tr>
                <th scope="col" class="num">
                  attempt
                </th>
                <th scope="col">worker</th>
                <th scope="col">device</th>
                <th scope="col">began</th>
                <th scope="col">came to</th>
                <th scope="col">why</th>
              </tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <tr key={one.attempt}>
                  <td class="num">{one.attempt}</td>
                  <td>{one.worker}</td>
                  <td>{one.device}</td>
                  <td>
                    <Time at={one.started ?? one.granted} />
                  </td>
                  <td>{one.outcome ? <State of={one.outcome} /> : <span class="dim">goes on</span>}</td>
                  <td>{one.cause?.replaceAll("_", " ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Ready>
  );
}

const MostLog = 200_000;

function Log({ trial, follow }: { trial: TrialRow; follow: boolean }) {
  const [text, setText] = useState("");
  const [state, setState] = useState<"reading" | "read" | Refusal>("reading");
  const place = useRef<HTMLPreElement>(null);
  useEffect(() => {
    let here = true;
    let offset = 0;
    let timer = 0;
    const read = async () => {
      try {
        const chunk = await get<{ text: string; next: number; reason: string | null }>(
          `trials/${trial.sweep}/${trial.number}/log?offset=${offset}`,
        );
        if (!here) return;
        offset = chunk.next;
        if (chunk.reason) return setState(new Refusal(chunk.reason));
        if (chunk.text) setText((old) => (old + chunk.text).slice(-MostLog));
        setState("read");
        if (chunk.text || follow) timer = setTimeout(read, chunk.text ? 50 : 2000) as unknown as number;
      } catch (refusal) {
        if (here) setState(refusal as Refusal);
      }
    };
    setText("");
    void read();
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [trial.trial, trial.attempts, follow]);
  useEffect(() => place.current?.scrollTo(0, place.current.scrollHeight), [text]);
  if (text)
    return (
      <pre class="log" ref={place} tabIndex={0} aria-label="the end of the log">
        {text}
      </pre>
    );
  return (
    <Empty>{state === "reading" ? "Asking the worker for the log …" : state === "read" ? "The log is empty so far." : state.message}</Empty>
  );
}

function Checkpoints({ trial }: { trial: TrialRow }) {
  const version = usePaced(trial.epochs, 2000);
  const rows = useData<CheckpointRow[]>(`trials/${trial.sweep}/${trial.number}/checkpoints`, `${version}${trial.state}`);
  return (
    <Ready of={rows} what="the checkpoints">
      {(all) =>
        all.length === 0 ? (
          <Empty>None is kept.</Empty>
        ) : (
          <table class="list">
            <thead>
              <tr>
                <th scope="col" class="num">
                  epochs
                </th>
                <th scope="col" class="num">
                  size
                </th>
                <th scope="col">written</th>
                <th scope="col">file</th>
              </tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <tr key={one.digest}>
                  <td class="num">
                    {one.epoch}
                    {one.batch ? ` + ${one.batch} batches` : ""}
                  </td>
                  <td class="num">{bytes(one.bytes)}</td>
                  <td>
                    <Time at={one.time} />
                  </td>
                  <td>
                    <a
                      href={`/api/v1/checkpoints/${trial.sweep}/${trial.number}/${one.digest}`}
                      download={`${trial.sweep}-${trial.number}-${one.epoch}.safetensors`}
                    >
                      <code>{one.digest.slice(0, 12)}</code>
                    </a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Ready>
  );
}

/** What the network makes of the first test images, beside the images as the head's dataset has them. */
function Samples({ samples, trial, params }: { samples: SamplePrediction[]; trial: TrialRow; params: Record<string, unknown> }) {
  const { dataset, dataset_digest: digest } = parse(trial.facts) as { dataset?: string; dataset_digest?: string };
  const [without, setWithout] = useState(false);
  const wrong = samples.filter((one) => one.label !== one.predicted).length;
  const name = (digit: number) => (dataset === "fashion-mnist" ? clothes[digit] : `${digit}`);
  return (
    <>
      <p class="dim">
        The best epoch's network on the first {samples.length} test images: {wrong === 0 ? "all right" : `${wrong} wrong`}.
        {params.permute === true ? " It sees them with their pixels permuted; here they are as they were before that." : ""}
        {without ? ` The pictures are not on the head's machine (${dataset ?? "its dataset"}).` : ""}
      </p>
      <ul class="samples">
        {samples.map(({ label, predicted, probability }, i) => (
          <li key={i} class={label === predicted ? "" : "wrong"}>
            {without || !dataset ? null : (
              <img
                src={`/api/v1/datasets/${encodeURIComponent(dataset)}/test/${i}.png${query({ digest })}`}
                width={56}
                height={56}
                alt={`test image ${i}, ${name(label)}`}
                onError={() => setWithout(true)}
              />
            )}
            <span>
              {label === predicted ? (
                name(predicted)
              ) : (
                <>
                  <strong>✗ {name(predicted)}</strong> <span class="dim">is {name(label)}</span>
                </>
              )}
            </span>
            <span class="dim">{(100 * probability).toFixed(probability > 0.9995 ? 0 : 1)} %</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const clothes = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

function Facts({ trial }: { trial: TrialRow }) {
  const facts = Object.entries(parse(trial.facts)).filter(([name]) => name !== "samples");
  return facts.length === 0 ? (
    <Empty>The trial says what it runs when it begins.</Empty>
  ) : (
    <table class="list">
      <tbody>
        {facts.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name.replaceAll("_", " ")}</th>
            <td class="message">{valueText(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
