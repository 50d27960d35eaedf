import { useMemo } from "preact/hooks";
import type { SamplePrediction, SweepRow, TrialRow } from "../../api";
import { useData } from "../../data";
import { asCommand, asYaml, configuration, parse } from "../../format";
import { useNewest } from "../../live";
import { Ask } from "../../parts/ask";
import { Copy, Nothing, Panel, Ready, State } from "../../parts/basics";
import { Events } from "../../parts/events";
import { isDetailed } from "../../report/report";
import type { Place } from "../../route";
import { Attempts } from "./attempts";
import { Checkpoints } from "./checkpoints";
import { Configuration, Facts } from "./configuration";
import { Curves } from "./curves";
import { Figures } from "./figures";
import { Files } from "./files";
import { Log } from "./log";
import { Samples } from "./samples";
import { Steps } from "./steps";

export function TrialPage({ place }: { place: Place }) {
  const [, sweep = "", text = ""] = place.path;
  const newest = useNewest<TrialRow>(`trials/${encodeURIComponent(sweep)}/${encodeURIComponent(text)}`, `trial:${sweep}/${text}`);
  const of = useData<SweepRow>(`sweeps/${encodeURIComponent(sweep)}`);
  return (
    <Ready
      of={newest}
      what={`trial ${sweep}/${text}`}
      without={
        <Nothing title={`${sweep}/${text}`} to={`/s/${sweep}`}>
          Sweep {sweep}
        </Nothing>
      }
    >
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
  const params = useMemo(() => configuration(trial.params), [trial.params]);
  const { data: samples } = useData<SamplePrediction[]>("samples" in parse(trial.facts) ? `${at}/samples` : null);
  const active = ["leased", "running"].includes(trial.state);
  const open = active || trial.state === "queued" || trial.state === "paused";
  return (
    <>
      <div class="title">
        <h1>
          <a href={`/s/${trial.sweep}`}>{trial.sweep}</a> / {trial.number}
        </h1>
        <State of={trial.state} cause={trial.cause} />
        <nav class="buttons" aria-label="Neighbours">
          {trial.number > 1 ? (
            <a class="button" rel="prev" href={`/t/${trial.sweep}/${trial.number - 1}`}>
              ‹ {trial.number - 1}
            </a>
          ) : null}
          {trial.number < sweep.trials ? (
            <a class="button" rel="next" href={`/t/${trial.sweep}/${trial.number + 1}`}>
              {trial.number + 1} ›
            </a>
          ) : null}
        </nav>
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
      <Figures trial={trial} sweep={sweep} open={open} />
      {isDetailed(trial.number) ? (
        <Details trial={trial} sweep={sweep} params={params} samples={samples} open={open} />
      ) : (
        <Panel title="Configuration">
          <p class="dim">The report has curves, log and events of the best trials only; this one is not among them.</p>
          <Configuration trial={trial} params={params} />
        </Panel>
      )}
    </>
  );
}

interface Detailed {
  trial: TrialRow;
  sweep: SweepRow;
  params: Record<string, unknown>;
  samples: SamplePrediction[] | null;
  open: boolean;
}

const Details = ({ trial, sweep, params, samples, open }: Detailed) => (
  <>
    <Curves trial={trial} sweep={sweep} open={open} />
    <Steps trial={trial} />
    <div class="columns">
      <Panel title="Configuration">
        <Configuration trial={trial} params={params} />
      </Panel>
      <div class="pile">
        <Panel title="What ran">
          <Facts trial={trial} open={open} />
        </Panel>
        <Panel title="Attempts">
          <Attempts trial={trial} />
        </Panel>
      </div>
    </div>
    {samples?.length ? (
      <Panel title="Sample digits">
        <Samples samples={samples} trial={trial} params={params} />
      </Panel>
    ) : null}
    <Panel title="Log">
      <Log trial={trial} follow={["leased", "running"].includes(trial.state)} />
    </Panel>
    <div class="columns">
      <Panel title="Files">
        <Files trial={trial} />
      </Panel>
      <Panel title="Checkpoints">
        <Checkpoints trial={trial} />
      </Panel>
    </div>
    <Panel title="What happened">
      <Events sweep={trial.sweep} trial={trial.number} />
    </Panel>
  </>
);
