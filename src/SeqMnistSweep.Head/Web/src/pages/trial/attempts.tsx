import type { AttemptRow, TrialRow } from "../../api";
import { useData, usePaced } from "../../data";
import { Ready, State, Time } from "../../parts/basics";
import { List } from "../../parts/list";

export function Attempts({ trial }: { trial: TrialRow }) {
  const version = usePaced(trial.attempts + trial.state.length, 500);
  const attempts = useData<AttemptRow[]>(`trials/${trial.sweep}/${trial.number}/attempts`, `${version}${trial.state}`);
  return (
    <Ready of={attempts} what="the attempts">
      {(all) => (
        <List
          rows={all}
          name={(one) => one.attempt}
          empty="None began."
          columns={[
            { head: "attempt", cell: (one) => one.attempt, numeric: true },
            { head: "worker", cell: (one) => one.worker },
            { head: "device", cell: (one) => one.device },
            { head: "began", cell: (one) => <Time at={one.started ?? one.granted} /> },
            { head: "came to", cell: (one) => (one.outcome ? <State of={one.outcome} /> : <span class="dim">goes on</span>) },
            { head: "why", cell: (one) => one.cause?.replaceAll("_", " ") },
          ]}
        />
      )}
    </Ready>
  );
}
