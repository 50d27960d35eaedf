import type { LeaderboardRow, TrialRow } from "../../api";
import { useData } from "../../data";
import { configuration, isWhole, parse, valueText } from "../../format";
import { Empty } from "../../parts/basics";
import { List } from "../../parts/list";
import { Scroll } from "../../parts/scroll";

export function Configuration({ trial, params }: { trial: TrialRow; params: Record<string, unknown> }) {
  const best = useData<LeaderboardRow[]>(`sweeps/${trial.sweep}/leaderboard?top=1`);
  const first = best.data?.find((row) => isWhole(row) && row.value !== null);
  const other = first && first.trial !== trial.trial ? configuration(first.params) : null;
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
          "There is no completed trial to compare with."
        )}
      </p>
      <List
        rows={names.sort((a, b) => Number(differ(b)) - Number(differ(a)))}
        name={(name) => name}
        mark={(name) => (differ(name) ? "differs" : "")}
        columns={[
          { head: "parameter", cell: (name) => name, names: true },
          { head: "here", cell: (name) => valueText(params[name]) },
          ...(other ? [{ head: "best", cell: (name: string) => valueText(other[name]) }] : []),
        ]}
      />
    </>
  );
}

export function Facts({ trial, open }: { trial: TrialRow; open: boolean }) {
  const facts = Object.entries(parse(trial.facts)).filter(([name]) => name !== "samples");
  return facts.length === 0 ? (
    <Empty>{open ? "The trial says what it runs when it begins." : "The trial did not say what it ran."}</Empty>
  ) : (
    <Scroll>
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
    </Scroll>
  );
}
