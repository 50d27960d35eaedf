import { useMemo, useState } from "preact/hooks";
import { type ImportanceAnswer, query, type SpaceAnswer, type SweepSummary, type TrialTable } from "../api";
import { type Axis, axisOf, type Brush, inside, rankCorrelation, standing } from "../charts/axes";
import { BrushFields } from "../charts/brush-fields";
import { Density } from "../charts/density";
import { Heatmap } from "../charts/heatmap";
import { Parallel } from "../charts/parallel";
import { Plot } from "../charts/plot";
import { useData, usePaced } from "../data";
import { count, many, metricText, number, valueText } from "../format";
import { Bar, Empty, Panel, Ready } from "../parts/basics";
import { type Place, put, select, selected } from "../route";

const Most = 10_000;

export function Analysis({ summary, place }: { summary: SweepSummary; place: Place }) {
  const { sweep } = summary;
  const version = usePaced(sweep.completed + sweep.pruned, 5000);
  const sort = sweep.goal === "maximize" ? "-value" : "value";
  const limit = place.get("lines") ? Number(place.get("lines")) : 2000;
  const table = useData<TrialTable>(
    `sweeps/${sweep.sweep}/trials${query({ where: "value != null", sort, limit: Math.min(Most, limit) })}`,
    version,
  );
  const space = useData<SpaceAnswer>(`sweeps/${sweep.sweep}/space`);
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
  const varying = useMemo(
    () => table.parameters.filter((name) => new Set(table.columns[name]?.map((value) => JSON.stringify(value))).size > 1),
    [table],
  );
  const axes = useAxes(table, varying, space, sweep.metric);
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
      <Panel title="Parallel coordinates">
        <Lines summary={summary} table={table} axes={axes} place={place} />
      </Panel>
      <div class="columns">
        <Panel title="What matters">
          <Importance summary={summary} axes={axes} />
        </Panel>
        <Panel title="Slice">
          <Slice summary={summary} table={table} varying={varying} place={place} />
        </Panel>
      </div>
      <Panel title="All curves">
        <AllCurves summary={summary} place={place} />
      </Panel>
      <div class="columns">
        <Panel title="Two parameters">
          <Pair summary={summary} table={table} varying={varying} space={space} place={place} />
        </Panel>
        <Panel title="Trials that reached an epoch">
          <Survival sweep={sweep.sweep} version={sweep.completed + sweep.pruned} />
        </Panel>
      </div>
    </>
  );
}

/** As the sweep file draws it; by its values where the file does not say. */
const scaleOf = (space: SpaceAnswer | null, name: string) => {
  const known = space?.parameters.find((one) => one.name === name);
  return known?.logarithmic ? ("log" as const) : known && known.values === null ? ("linear" as const) : undefined;
};

interface Axes {
  all: Axis[];
  value: Axis;
  kinds: Record<string, Axis["kind"]>;
  setKind(name: string, kind: Axis["kind"]): void;
}

function useAxes(table: TrialTable, varying: string[], space: SpaceAnswer | null, metric: string): Axes {
  const [kinds, setKinds] = useState<Record<string, Axis["kind"]>>({});
  const value = useMemo(() => axisOf(metric, table.columns.value!, kinds[metric] ?? "linear"), [table, kinds[metric]]);
  const all = useMemo(
    () => [...varying.map((name) => axisOf(name, table.columns[name]!, kinds[name] ?? scaleOf(space, name))), value],
    [table, space, kinds, value],
  );
  return { all, value, kinds, setKind: (name, kind) => setKinds((old) => ({ ...old, [name]: kind })) };
}

const brushOf = (text: string | null): Brush =>
  Object.fromEntries(
    (text ?? "")
      .split(";")
      .filter(Boolean)
      .map((part) => {
        const [name, low, high] = part.split("~");
        return [name!, [Number(low), Number(high)] as [number, number]];
      }),
  );
const brushText = (brush: Brush) =>
  Object.entries(brush)
    .map(([name, [low, high]]) => `${name}~${low.toFixed(3)}~${high.toFixed(3)}`)
    .join(";");

function Lines({ summary: { sweep }, table, axes, place }: { summary: SweepSummary; table: TrialTable; axes: Axes; place: Place }) {
  const numbers = table.columns.number as number[];
  const text = place.get("brush");
  const brush = useMemo(() => brushOf(text), [text]);
  const asked = place.get("axes")?.split(",") ?? [];
  const names = axes.all.map((axis) => axis.name);
  const order = useMemo(
    () => [...asked.filter((name) => names.includes(name)), ...names.filter((name) => !asked.includes(name))],
    [asked.join(), names.join()],
  );
  const colours = useMemo(
    () => standing(sweep.goal === "maximize" ? axes.value.at : axes.value.at.map((at) => -at)),
    [axes.value, sweep.goal],
  );
  const kept = useMemo(() => inside(axes.all, brush, numbers.length), [axes.all, brush, numbers.length]);
  const left = kept.reduce((sum, one) => sum + one, 0);
  const chosen = selected(place);
  const positions = useMemo(() => numbers.flatMap((one, i) => (chosen.includes(one) ? [i] : [])), [numbers, chosen.join()]);
  const [share, setShare] = useState(100);
  const [took, setTook] = useState<number | null>(null);
  const setBrush = (next: Brush) => put({ brush: brushText(next) });
  const top = (percent: number) => {
    setShare(percent);
    const sorted = axes.value.at
      .filter((at) => !Number.isNaN(at))
      .map((at) => (sweep.goal === "maximize" ? at : 1 - at))
      .sort();
    const cut = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * (1 - percent / 100)))]!;
    const { [axes.value.name]: _, ...rest } = brush;
    setBrush(percent >= 100 ? rest : { ...rest, [axes.value.name]: sweep.goal === "maximize" ? [cut, 1] : [0, 1 - cut] });
  };
  const chooseKept = () => select([...chosen, ...numbers.filter((_, i) => kept[i]).slice(0, 20)]);
  const best = numbers.find((_, i) => kept[i]);
  const label = `${count(numbers.length)} trials over ${order.length} axes: ${order.join(", ")}; ${count(left)} are inside the brushes${best === undefined ? "" : `, the best of them trial ${best}`}.`;
  return (
    <>
      <div class="tools">
        <label>
          best <input type="range" min={1} max={100} value={share} onInput={(event) => top(Number(event.currentTarget.value))} /> {share} %
        </label>
        <span>
          {Object.keys(brush).length
            ? `${count(left)} of ${count(numbers.length)} kept`
            : "drag along an axis to keep a stretch of it, drag its name to move it, click a line to select its trial"}
        </span>
        {Object.keys(brush).length ? (
          <>
            <button
              type="button"
              onClick={() => {
                setShare(100);
                put({ brush: null });
              }}
            >
              Clear brushes
            </button>{" "}
            <button type="button" onClick={chooseKept}>
              Select {left > 20 ? "the best 20" : "them"}
            </button>
          </>
        ) : null}
        {chosen.length ? (
          <a class="button" href={`/s/${sweep.sweep}/compare?sel=${chosen.join(",")}`}>
            Compare {chosen.length}
          </a>
        ) : null}
        <span class="legend" aria-hidden="true">
          worse <i /> better
        </span>
        <span hidden data-drawn={took?.toFixed(3) ?? ""} />
      </div>
      <Parallel
        axes={axes.all}
        colours={colours}
        brush={brush}
        onBrush={setBrush}
        order={order}
        onOrder={(next) => put({ axes: next.join(",") })}
        chosen={positions}
        onChoose={(line) =>
          select(chosen.includes(numbers[line]!) ? chosen.filter((one) => one !== numbers[line]) : [...chosen, numbers[line]!])
        }
        label={label}
        onDrawn={setTook}
      />
      <p class="summary">{label}</p>
      <details>
        <summary>Axes and brushes by fields</summary>
        <BrushFields
          axes={axes.all}
          brush={brush}
          onBrush={setBrush}
          order={order}
          onOrder={(next) => put({ axes: next.join(",") })}
          kinds={axes.kinds}
          onKind={axes.setKind}
        />
      </details>
    </>
  );
}

function Importance({ summary: { sweep }, axes }: { summary: SweepSummary; axes: Axes }) {
  const version = usePaced(sweep.completed, 5000);
  const answer = useData<ImportanceAnswer>(`sweeps/${sweep.sweep}/importance`, version);
  return (
    <Ready of={answer} what="what matters">
      {({ shares, completed, needed }) => {
        if (shares.length === 0)
          return (
            <Empty>
              {completed < needed ? `${completed} completed trials say nothing of it; it takes ${needed}.` : "No parameter varies."}
            </Empty>
          );
        const correlation = new Map(axes.all.slice(0, -1).map((axis) => [axis.name, rankCorrelation(axis.at, axes.value.at)]));
        return (
          <>
            <p class="dim">
              Importance for being among the best tenth (PED-ANOVA, {count(completed)} trials), and rank correlation with {axes.value.name}{" "}
              over the trials above.
            </p>
            <table class="list">
              <thead>
                <tr>
                  <th scope="col">parameter</th>
                  <th scope="col" class="num">
                    importance
                  </th>
                  <th scope="col">
                    <span class="hidden">as a bar</span>
                  </th>
                  <th scope="col" class="num">
                    correlation
                  </th>
                </tr>
              </thead>
              <tbody>
                {shares.map((one) => {
                  const r = correlation.get(one.name);
                  return (
                    <tr key={one.name}>
                      <th scope="row">{one.name}</th>
                      <td class="num">{one.share.toFixed(3)}</td>
                      <td class="wide">
                        <Bar done={one.share} of={1} label={`${one.name} ${one.share.toFixed(3)}`} />
                      </td>
                      <td class="num">{r === null || r === undefined ? "–" : r.toFixed(2)}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </>
        );
      }}
    </Ready>
  );
}

const Choice = ({ label, value, names, onChange }: { label: string; value: string; names: string[]; onChange(name: string): void }) => (
  <label>
    {label}{" "}
    <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  </label>
);

function Slice({
  summary: { sweep },
  table,
  varying,
  place,
}: {
  summary: SweepSummary;
  table: TrialTable;
  varying: string[];
  place: Place;
}) {
  const name = varying.includes(place.get("slice") ?? "") ? place.get("slice")! : varying[0];
  // Numbers where they are, on a logarithmic axis where they span much; anything else side by side.
  const axis = useMemo(() => (name ? axisOf(name, table.columns[name]!) : null), [table, name]);
  const series = useMemo(() => {
    if (!name || !axis) return [];
    const points = table.columns[name]!.map(
      (x, i) =>
        [
          axis.kind === "category" ? axis.at[i]! * Math.max(1, axis.categories.length - 1) : (x as number | null),
          (table.columns.value as number[])[i]!,
        ] as const,
    )
      .filter((point): point is readonly [number, number] => point[0] !== null && !Number.isNaN(point[0]))
      .sort((a, b) => a[0] - b[0]);
    return [{ label: sweep.metric, x: points.map((point) => point[0]), y: points.map((point) => point[1]) }];
  }, [table, name, axis]);
  if (!name || !axis) return <Empty>No parameter varies.</Empty>;
  const x = series[0]!.x;
  const log = axis.kind !== "category" && x.length > 0 && x[0]! > 0 && x[x.length - 1]! / x[0]! >= 50;
  const text = (value: number) =>
    axis.kind === "category" ? (Number.isInteger(value) ? valueText(axis.categories[value] ?? "") : "") : number(value);
  return (
    <>
      <div class="tools">
        <Choice label="parameter" value={name} names={varying} onChange={(to) => put({ slice: to })} />
      </div>
      <Plot
        key={name}
        series={series}
        kind="points"
        x={name}
        y={sweep.metric}
        logX={log}
        height={260}
        text={(value) => metricText(sweep.metric, value)}
        textX={text}
        summary={
          axis.kind === "category"
            ? `${count(x.length)} trials; ${name} is one of ${axis.categories.map(valueText).join(", ")}.`
            : `${count(x.length)} trials; ${name} from ${number(x[0] ?? NaN)} to ${number(x[x.length - 1] ?? NaN)}.`
        }
      />
    </>
  );
}

function Pair({
  summary,
  table,
  varying,
  space,
  place,
}: {
  summary: SweepSummary;
  table: TrialTable;
  varying: string[];
  space: SpaceAnswer | null;
  place: Place;
}) {
  const listed = useMemo(
    () => varying.filter((name) => new Set(table.columns[name]!.map((value) => JSON.stringify(value))).size <= 40),
    [table, varying],
  );
  const [x, y] = [
    listed.includes(place.get("x") ?? "") ? place.get("x")! : listed[0],
    listed.includes(place.get("y") ?? "") ? place.get("y")! : listed.find((name) => name !== (place.get("x") ?? listed[0])),
  ];
  if (!x || !y || x === y) return <Empty>It takes two parameters with at most 40 values each.</Empty>;
  return (
    <>
      <div class="tools">
        <Choice label="across" value={x} names={listed.filter((name) => name !== y)} onChange={(to) => put({ x: to })} />
        <Choice label="down" value={y} names={listed.filter((name) => name !== x)} onChange={(to) => put({ y: to })} />
      </div>
      <Heatmap summary={summary} table={table} x={x} y={y} space={space} />
    </>
  );
}

function AllCurves({ summary: { sweep }, place }: { summary: SweepSummary; place: Place }) {
  const version = usePaced(sweep.completed + sweep.pruned, 10_000);
  const names = [...new Set([sweep.metric, "val_accuracy", "val_loss", "train_accuracy", "train_loss", "test_accuracy", "test_loss"])];
  const metric = place.get("curves") ?? sweep.metric;
  return (
    <>
      <div class="tools">
        <Choice
          label="metric"
          value={metric}
          names={names.includes(metric) ? names : [metric, ...names]}
          onChange={(to) => put({ curves: to === sweep.metric ? null : to })}
        />
      </div>
      <Density sweep={sweep.sweep} metric={metric} version={version} />
    </>
  );
}

function Survival({ sweep, version }: { sweep: string; version: number }) {
  const rows = useData<TrialTable>(
    `sweeps/${sweep}/trials${query({ where: "state in ['completed', 'pruned']", columns: "epochs_done,state", limit: 20000 })}`,
    version,
  );
  return (
    <Ready of={rows} what="how far trials came">
      {(table) => {
        const epochs = table.columns.epochs_done as number[];
        const most = epochs.reduce((a, b) => Math.max(a, b), 0);
        if (most < 2) return <Empty>{most === 0 ? "No trial has ended yet." : "Trials of this sweep have one epoch."}</Empty>;
        const reached = new Array<number>(most + 1).fill(0);
        for (const done of epochs) reached[done]!++;
        for (let i = most - 1; i >= 0; i--) reached[i]! += reached[i + 1]!;
        const pruned = (table.columns.state as string[]).filter((state) => state === "pruned").length;
        return (
          <Plot
            series={[{ label: "trials", x: reached.map((_, i) => i).slice(1), y: reached.slice(1) }]}
            kind="step"
            x="epoch"
            y="trials that reached it"
            height={260}
            text={(value) => number(value, 3)}
            summary={`${count(epochs.length)} ended trials, ${count(pruned)} of them pruned; ${count(reached[most]!)} reached epoch ${most}.`}
          />
        );
      }}
    </Ready>
  );
}
