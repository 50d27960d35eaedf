import { useState } from "preact/hooks";
import type { SweepRow } from "../api";
import { count, duration, metricText, secondsFrom } from "../format";
import { useNewest } from "../live";
import { Empty, Ready, State, Time } from "../parts/basics";
import { List } from "../parts/list";
import { Progress } from "../parts/progress";

export function Sweeps() {
  const newest = useNewest<SweepRow[]>("sweeps", "sweeps");
  const [find, setFind] = useState("");
  return (
    <>
      <div class="title">
        <h1>Sweeps</h1>
      </div>
      <Ready of={newest} what="the sweeps">
        {(rows) => (rows.length === 0 ? <First /> : <Found rows={rows} find={find} onFind={setFind} />)}
      </Ready>
    </>
  );
}

const First = () => (
  <Empty>
    No sweep yet. Write one and submit it, in a terminal or <a href="/new">here</a>:<pre>seqsweep init{"\n"}seqsweep submit sweep.yaml</pre>
    Trials run as soon as a worker has joined: <code>seqsweep worker</code>
  </Empty>
);

function Found({ rows, find, onFind }: { rows: SweepRow[]; find: string; onFind(text: string): void }) {
  const shown = rows.filter((row) => `${row.sweep} ${row.state} ${row.method} ${row.metric}`.toLowerCase().includes(find.toLowerCase()));
  const active = rows.filter((row) => row.running > 0).length;
  return (
    <>
      <div class="tools">
        <label>
          Find <input type="search" value={find} placeholder="id, state, method" onInput={(event) => onFind(event.currentTarget.value)} />
        </label>
        <span class="dim">
          {shown.length === rows.length ? `${rows.length} sweeps` : `${shown.length} of ${rows.length} sweeps`}, {active} with running
          trials
        </span>
      </div>
      <div class="scroll">
        <List
          rows={shown}
          name={(row) => row.sweep}
          columns={[
            { head: "sweep", cell: (row) => <a href={`/s/${row.sweep}`}>{row.sweep}</a>, names: true },
            { head: "state", cell: (row) => <State of={row.state} />, title: (row) => row.reason ?? "" },
            { head: "trials", cell: (row) => <Progress of={row} short /> },
            { head: "best", cell: (row) => metricText(row.metric, row.best), numeric: true },
            { head: "metric", cell: (row) => [row.metric, " ", <span class="dim">{row.goal === "maximize" ? "↑" : "↓"}</span>] },
            { head: "method", cell: (row) => row.method },
            { head: "failed", cell: (row) => <span class={row.failed ? "failed" : "dim"}>{count(row.failed)}</span>, numeric: true },
            { head: "created", cell: (row) => <Time at={row.created} /> },
            { head: "took", cell: (row) => (row.started ? duration(secondsFrom(row.started, row.finished)) : "–"), numeric: true },
          ]}
        />
      </div>
    </>
  );
}
