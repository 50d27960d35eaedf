import { useMemo } from "preact/hooks";
import { type InfeasiblePairs, query, type SpaceAnswer, valuesOf } from "../../api";
import { Chart } from "../../charts/chart";
import { heat, listOf } from "../../charts/heat";
import { pointsOf } from "../../charts/points";
import { useData } from "../../data";
import { kinds } from "../../format";
import { Empty } from "../../parts/basics";
import { Choice } from "../../parts/choice";
import { put } from "../../route";
import type { Shown } from "./axes";

export function Pair({ summary, table, varying, space, place }: Shown & { space: SpaceAnswer | null }) {
  const listed = useMemo(() => varying.filter((name) => kinds(valuesOf(table, name)) <= 40), [table, varying]);
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
      <Cells summary={summary} table={table} x={x} y={y} space={space} />
    </>
  );
}

function Cells({
  summary: { sweep },
  table,
  x,
  y,
  space,
}: Pick<Shown, "summary" | "table"> & { x: string; y: string; space: SpaceAnswer | null }) {
  const listed = (name: string) => space?.parameters.find((one) => one.name === name)?.values ?? null;
  const known = listed(x) !== null && listed(y) !== null;
  const infeasible = useData<InfeasiblePairs>(known ? `sweeps/${sweep.sweep}/infeasible${query({ x, y })}` : null);
  const barred = infeasible.data?.pairs ?? [];
  const of = (name: string) => ({ name, listed: listed(name), of: valuesOf(table, name) });
  const picture = useMemo(
    () => heat({ points: pointsOf(sweep.sweep, sweep.metric, table), maximize: sweep.goal === "maximize", x: of(x), y: of(y), barred }),
    [table, x, y, space, infeasible.data],
  );
  const rows = listOf(listed(y), valuesOf(table, y)).length;
  const why = picture.hatched ? `; ${picture.hatched} are infeasible (hatched), all else as in the best trial: ${barred[0]?.message}` : "";
  return (
    <Chart
      key={`${x} ${y}`}
      name="heat"
      title={`best single ${sweep.metric}`}
      by={`${x} and ${y}`}
      height={Math.min(900, 70 + 34 * rows)}
      picture={picture}
      summary={`${picture.filled} of ${picture.cells} cells have a trial${why}.`}
    />
  );
}
