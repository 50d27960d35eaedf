import { useState } from "preact/hooks";
import type { SweepRow } from "../api";
import { useData } from "../data";
import { count, duration, metricText } from "../format";
import { useLive } from "../live";
import { Empty, Ready, State, Time } from "../parts/basics";
import { Progress } from "../parts/progress";

export function Sweeps() {
  const loaded = useData<SweepRow[]>("sweeps");
  const live = useLive<SweepRow[]>("sweeps");
  const [find, setFind] = useState("");
  return (
    <>
      <div class="title">
        <h1>Sweeps</h1>
      </div>
      <Ready of={live ? { data: live, error: null } : loaded} what="the sweeps">
        {(rows) => (rows.length === 0 ? <First /> : <List rows={rows} find={find} onFind={setFind} />)}
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

function List({ rows, find, onFind }: { rows: SweepRow[]; find: string; onFind(text: string): void }) {
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
        <table class="list">
          <thead>
            <tr>
              <th scope="col">sweep</th>
              <th scope="col">state</th>
              <th scope="col">trials</th>
              <th scope="col" class="num">
                best
              </th>
              <th scope="col">metric</th>
              <th scope="col">method</th>
              <th scope="col" class="num">
                failed
              </th>
              <th scope="col">created</th>
              <th scope="col" class="num">
                took
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.sweep}>
                <th scope="row">
                  <a href={`/s/${row.sweep}`}>{row.sweep}</a>
                </th>
                <td title={row.reason ?? ""}>
                  <State of={row.state} />
                </td>
                <td>
                  <Progress of={row} short />
                </td>
                <td class="num">{metricText(row.metric, row.best)}</td>
                <td>
                  {row.metric} <span class="dim">{row.goal === "maximize" ? "↑" : "↓"}</span>
                </td>
                <td>{row.method}</td>
                <td class="num">{row.failed ? <span class="failed">{count(row.failed)}</span> : <span class="dim">0</span>}</td>
                <td>
                  <Time at={row.created} />
                </td>
                <td class="num">
                  {row.started ? duration((Date.parse(row.finished ?? new Date().toISOString()) - Date.parse(row.started)) / 1000) : "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
