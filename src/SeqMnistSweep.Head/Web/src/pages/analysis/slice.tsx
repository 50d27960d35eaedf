import { useMemo } from "preact/hooks";
import { type SpaceAnswer, valuesOf } from "../../api";
import { Chart } from "../../charts/chart";
import { pointsOf } from "../../charts/points";
import { slice } from "../../charts/slice";
import { count } from "../../format";
import { Empty } from "../../parts/basics";
import { Choice } from "../../parts/choice";
import { put } from "../../route";
import type { Shown } from "./axes";

export function Slice({ summary: { sweep }, table, varying, space, place }: Shown & { space: SpaceAnswer | null }) {
  const name = varying.includes(place.get("slice") ?? "") ? place.get("slice")! : varying[0];
  const picture = useMemo(() => {
    if (!name) return null;
    // As the sweep file draws it; by its values where the file does not say.
    const known = space?.parameters.find((one) => one.name === name);
    const log = known?.logarithmic ? true : known && known.values === null ? false : null;
    return slice(pointsOf(sweep.sweep, sweep.metric, table), name, valuesOf(table, name), log);
  }, [table, name, space, sweep.sweep]);
  if (!name || !picture) return <Empty>No parameter varies.</Empty>;
  const left = (table.columns.number?.length ?? 0) - picture.shown;
  return (
    <>
      <div class="tools">
        <Choice label="parameter" value={name} names={varying} onChange={(to) => put({ slice: to })} />
      </div>
      <Chart
        key={name}
        name="slice"
        title={sweep.metric}
        by={name}
        picture={picture}
        summary={`${count(picture.shown)} trials by ${name}.${left ? ` ${count(left)} more have no ${name}.` : ""}`}
      />
    </>
  );
}
