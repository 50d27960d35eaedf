import type { ComponentChildren } from "preact";
import type { SweepRow, TrialRow } from "../../api";
import { count, duration, metricText, number, secondsFrom } from "../../format";
import { Time } from "../../parts/basics";

const Figure = ({ title, large, children }: { title: string; large: string; children: ComponentChildren }) => (
  <div>
    <h2>{title}</h2>
    <strong class="large">{large}</strong>
    <div class="dim">{children}</div>
  </div>
);

/** How far a trial came, when and where, in large letters. */
export const Figures = ({ trial, sweep, open }: { trial: TrialRow; sweep: SweepRow; open: boolean }) => (
  <div class="facts">
    <Figure title={sweep.metric} large={metricText(sweep.metric, trial.value)}>
      {trial.epoch ? `at epoch ${trial.epoch} of ${trial.epochs} reported` : open ? "no epoch yet" : "no epoch"}
    </Figure>
    <Figure title="Test" large={metricText("accuracy", trial.test_accuracy)}>
      {trial.test_loss === null
        ? open
          ? "measured at the end, on the best checkpoint"
          : "not measured"
        : `loss ${number(trial.test_loss)}`}
    </Figure>
    <Figure title="Time" large={trial.started ? duration(secondsFrom(trial.started, trial.finished)) : "–"}>
      {trial.started ? (
        <>
          since <Time at={trial.started} />
        </>
      ) : (
        "not started"
      )}
    </Figure>
    <Figure title="Where" large={trial.worker ?? "–"}>
      {trial.device ?? (open ? "no worker yet" : "no worker")}
      {trial.attempts ? `, attempt ${trial.attempts}` : ""}
    </Figure>
    <div>
      <h2>From</h2>
      <span>{trial.origin ?? "–"}</span>
      <div class="dim">
        seed {trial.seed}
        {trial.parameters ? `, ${count(trial.parameters)} weights` : ""}
      </div>
    </div>
  </div>
);
