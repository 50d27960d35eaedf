import { useMemo } from "preact/hooks";
import { type SpaceAnswer, valuesOf } from "../../api";
import { Heatmap } from "../../charts/heatmap";
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
      <Heatmap summary={summary} table={table} x={x} y={y} space={space} />
    </>
  );
}
