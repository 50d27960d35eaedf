import { useMemo } from "preact/hooks";
import { type Contour, query, type SpaceAnswer, valuesOf } from "../../api";
import { Chart } from "../../charts/chart";
import { contour } from "../../charts/contour";
import { pointsOf } from "../../charts/points";
import { rank } from "../../charts/rank";
import { useData, usePaced } from "../../data";
import { many, metricText } from "../../format";
import { Empty, Ready } from "../../parts/basics";
import { Choice } from "../../parts/choice";
import { put } from "../../route";
import type { Shown } from "./axes";

/** Two of the names: those of the address, else the first ones. */
function two(names: string[], asked: [string | null, string | null]): [string, string] | null {
  const x = names.includes(asked[0] ?? "") ? asked[0]! : names.find((name) => name !== asked[1]);
  const y = names.includes(asked[1] ?? "") && asked[1] !== x ? asked[1]! : names.find((name) => name !== x);
  return x && y ? [x, y] : null;
}

const Sides = ({ names, sides: [x, y], keys }: { names: string[]; sides: [string, string]; keys: [string, string] }) => (
  <div class="tools">
    <Choice label="across" value={x} names={names.filter((name) => name !== y)} onChange={(to) => put({ [keys[0]]: to, [keys[1]]: y })} />
    <Choice label="up" value={y} names={names.filter((name) => name !== x)} onChange={(to) => put({ [keys[0]]: x, [keys[1]]: to })} />
  </div>
);

/** Parameters with a range of numbers; a list of values has a heat map. */
export const rangesOf = (varying: string[], space: SpaceAnswer | null) =>
  varying.filter((name) => space?.parameters.some((one) => one.name === name && one.varies && one.range));

/** Of two ranges; it is shown where there are two. */
export function ContourOfTwo({ summary: { sweep }, names, place }: Pick<Shown, "summary" | "place"> & { names: string[] }) {
  const sides = two(names, [place.get("cx"), place.get("cy")]);
  const version = usePaced(sweep.completed + sweep.pruned, 5000);
  const answer = useData<Contour>(sides && `sweeps/${sweep.sweep}/contour${query({ x: sides[0], y: sides[1] })}`, version);
  const picture = useMemo(
    () =>
      answer.data && contour(sweep.sweep, sweep.metric, answer.data, sweep.goal === "maximize", (value) => metricText(sweep.metric, value)),
    [answer.data],
  );
  if (!sides) return null;
  return (
    <>
      <Sides names={names} sides={sides} keys={["cx", "cy"]} />
      <Ready of={answer} what="the contour">
        {({ points, infeasible, values, epoch }) =>
          picture && (
            <Chart
              key={sides.join()}
              name="contour"
              title={sweep.metric}
              by={`${sides[0]} and ${sides[1]}`}
              picture={picture}
              height={340}
              summary={`${many(points.length, "configuration")}${epoch === null ? "" : `, compared at epoch ${epoch}`}; a colour is the mean of those near by, brighter is better${
                infeasible.length
                  ? `; the constraints rule out ${((100 * infeasible.length) / values.length).toFixed(0)} % (hatched), all else as in the best`
                  : ""
              }.`}
            />
          )
        }
      </Ready>
    </>
  );
}

export function Rank({ summary: { sweep }, table, varying, space, place }: Shown & { space: SpaceAnswer | null }) {
  const sides = two(varying, [place.get("rx"), place.get("ry")]);
  const [x, y] = sides ?? [null, null];
  const picture = useMemo(() => {
    if (!x || !y) return null;
    const side = (name: string) => {
      const known = space?.parameters.find((one) => one.name === name);
      return { name, of: valuesOf(table, name), log: known?.logarithmic ? true : known && known.values === null ? false : null };
    };
    return rank(pointsOf(sweep.sweep, sweep.metric, table), sweep.goal === "maximize", [side(x), side(y)]);
  }, [table, space, x, y]);
  if (!sides || !picture) return <Empty>It takes two parameters that vary.</Empty>;
  return (
    <>
      <Sides names={varying} sides={sides} keys={["rx", "ry"]} />
      <Chart
        key={sides.join()}
        name="rank"
        title={`rank by ${sweep.metric}`}
        by={`${sides[0]} and ${sides[1]}`}
        picture={picture}
        height={340}
        summary={`${many(picture.shown, "trial")} coloured by rank, the brighter the better.`}
      />
    </>
  );
}
