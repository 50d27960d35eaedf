import { useState } from "preact/hooks";
import { post, type Refusal } from "../api";
import { Trouble } from "../parts/basics";
import { Draft } from "../parts/housekeeping";
import { go, type Place } from "../route";

const start = `version: 1
name: my-sweep
method: auto
run_cap: 8
metric: {name: val_accuracy, goal: maximize}
parameters:
  dataset: {value: glyphs}
  input_channels: {value: 14}   # 56 steps of 14 pixels; 1 reads it pixel by pixel, 784 steps
  levels: {values: [3, 4, 5]}
  hidden: {values: [8, 16, 24]}
  lr: {distribution: log_uniform_values, min: 0.0005, max: 0.02}
  epochs: {value: 4}
  train_limit: {value: 6000}    # leave it out for all images
  eval_limit: {value: 1000}
`;

export function NewSweep({ place }: { place: Place }) {
  const [source, setSource] = useState(place.get("draft") ? (sessionStorage.getItem(Draft) ?? start) : start);
  const [paused, setPaused] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refusal | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { sweep } = await post<{ sweep: string }>("sweeps", {
        source,
        file_name: "dashboard.yaml",
        new: true,
        paused,
        by: "dashboard",
      });
      go(`/s/${sweep}`);
    } catch (refusal) {
      setError(refusal as Refusal);
      setBusy(false);
    }
  };
  return (
    <>
      <div class="title">
        <h1>New sweep</h1>
        <span class="dim">
          a sweep file; <code>seqsweep explain KEY</code> says what a key takes
        </span>
      </div>
      <form onSubmit={submit}>
        <label class="block">
          <span class="hidden">Sweep file</span>
          <textarea class="code" rows={20} spellcheck={false} value={source} onInput={(event) => setSource(event.currentTarget.value)} />
        </label>
        <div class="tools">
          <button type="submit" class="primary" disabled={busy}>
            {busy ? "Submitting …" : "Submit"}
          </button>
          <label class="check">
            <input type="checkbox" checked={paused} onChange={() => setPaused(!paused)} /> paused: no trial starts before somebody resumes
            it
          </label>
        </div>
      </form>
      {error ? <Trouble error={error} /> : null}
      {error?.findings ? (
        <ul class="findings" role="alert">
          {error.findings.map((one, i) => (
            <li key={i} class={one.severity}>
              <strong>
                {one.severity} {one.code}
              </strong>{" "}
              line {one.line}, column {one.column}: {one.message}
              {one.reason ? <span> – {one.reason}</span> : null}
              {one.help ? <div class="dim">{one.help}</div> : null}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
