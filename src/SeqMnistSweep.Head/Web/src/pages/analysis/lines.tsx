import { useMemo, useState } from "preact/hooks";
import { type SweepSummary, type TrialTable, valuesOf } from "../../api";
import { type Brush, inside, standing } from "../../charts/axes";
import { BrushFields } from "../../charts/brush-fields";
import { Act, Figure, save } from "../../charts/figure";
import { Parallel, parallelPicture } from "../../charts/parallel";
import { linkOf, pointsOf, tipOf } from "../../charts/points";
import { plain } from "../../charts/slice";
import { count, valueText } from "../../format";
import { type Place, put, select, selected, toggled } from "../../route";
import { type Axes, brushOf, brushText } from "./axes";

export function Lines({ summary: { sweep }, table, axes, place }: { summary: SweepSummary; table: TrialTable; axes: Axes; place: Place }) {
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
  const points = useMemo(() => pointsOf(sweep.sweep, sweep.metric, table), [table, sweep.sweep, sweep.metric]);
  const rows = useMemo(
    () => ({
      columns: [
        { name: "trial" },
        { name: "state" },
        ...table.parameters.map((name) => ({ name, text: valueText })),
        { name: sweep.metric },
      ],
      rows: numbers.map((number, i) => [
        number,
        points.states[i],
        ...table.parameters.map((name) => plain(valuesOf(table, name)[i])),
        points.values[i],
      ]),
      rowLink: (row: number) => linkOf(points, row),
    }),
    [points],
  );
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
      <Figure
        name="parallel"
        title={`${order.length} axes`}
        by="trial, a line each"
        summary={label}
        rows={rows}
        acts={
          <Act
            name="PNG"
            onClick={() =>
              parallelPicture(document.querySelector("[data-chart=parallel]")!).toBlob((blob) => blob && save("parallel.png", blob))
            }
          />
        }
      >
        <Parallel
          axes={axes.all}
          colours={colours}
          brush={brush}
          onBrush={setBrush}
          order={order}
          onOrder={(next) => put({ axes: next.join(",") })}
          chosen={positions}
          onChoose={(line) => select(toggled(chosen, numbers[line]!))}
          tip={(line) => tipOf(points, line)}
          label={label}
          onDrawn={setTook}
        />
      </Figure>
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
