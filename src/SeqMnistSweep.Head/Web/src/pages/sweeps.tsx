import type { SweepRow } from "../api";
import { count, duration, many, metricText, tagsOf } from "../format";
import { useNewest } from "../live";
import { Empty, Ready, State, Time } from "../parts/basics";
import { Tags } from "../parts/labels";
import { List, type ListColumn, Sorted } from "../parts/list";
import { Progress } from "../parts/progress";
import { type Place, put, toggled } from "../route";
import { found, inOrder, orders, ran } from "../sweeps-order";

export function Sweeps({ place }: { place: Place }) {
  const newest = useNewest<SweepRow[]>("sweeps", "sweeps");
  return (
    <>
      <div class="title">
        <h1>Sweeps</h1>
      </div>
      <Ready of={newest} what="the sweeps">
        {(rows) => (rows.length === 0 ? <First /> : <Found rows={rows} place={place} />)}
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

function Found({ rows, place }: { rows: SweepRow[]; place: Place }) {
  const find = place.get("find") ?? "";
  const sort = place.get("sort") ?? "-created";
  const away = place.get("archived") !== null;
  const chosen = (place.get("compare") ?? "").split(",").filter(Boolean);
  const there = rows.filter((row) => (row.archived !== null) === away);
  const shown = inOrder(found(there, find), sort);
  const active = rows.filter((row) => row.running > 0).length;
  const archived = rows.filter((row) => row.archived !== null).length;
  const head = (name: string) => <Sorted name={name} sort={sort} onSort={(to) => put({ sort: to })} first={orders[name]!.first} />;
  const columns: ListColumn<SweepRow>[] = [
    {
      head: <span class="hidden">compare</span>,
      cell: (row) => (
        <input
          type="checkbox"
          aria-label={`compare ${row.sweep}`}
          checked={chosen.includes(row.sweep)}
          onChange={() => put({ compare: toggled(chosen, row.sweep).join(",") })}
        />
      ),
    },
    {
      head: head("sweep"),
      cell: (row) => (
        <>
          <a href={`/s/${row.sweep}`}>{row.title ?? row.sweep}</a>
          {row.title ? <span class="dim"> {row.sweep}</span> : null}
          <Tags of={tagsOf(row)} onTag={(tag) => put({ find: tag })} />
          {row.description || row.note ? <div class="dim clip">{row.note ?? row.description}</div> : null}
        </>
      ),
      names: true,
    },
    { head: head("state"), cell: (row) => <State of={row.state} />, title: (row) => row.reason ?? "" },
    { head: head("trials"), cell: (row) => <Progress of={row} short /> },
    { head: head("best"), cell: (row) => metricText(row.metric, row.best), numeric: true },
    { head: head("metric"), cell: (row) => [row.metric, " ", <span class="dim">{row.goal === "maximize" ? "↑" : "↓"}</span>] },
    { head: head("method"), cell: (row) => row.method },
    {
      head: head("failed"),
      cell: (row) => <span class={row.failed ? "failed" : "dim"}>{count(row.failed)}</span>,
      numeric: true,
    },
    { head: head("created"), cell: (row) => <Time at={row.created} /> },
    { head: head("took"), cell: (row) => (row.started ? duration(ran(row)!) : "–"), numeric: true },
  ];
  return (
    <>
      <div class="tools">
        <label>
          Find{" "}
          <input
            type="search"
            value={find}
            placeholder="id, title, tag, note, state …"
            onInput={(event) => put({ find: event.currentTarget.value })}
          />
        </label>
        <span class="dim">
          {shown.length === there.length ? many(there.length, "sweep") : `${shown.length} of ${many(there.length, "sweep")}`}, {active} with
          running trials
        </span>
        {archived > 0 || away ? (
          <label class="check">
            <input type="checkbox" checked={away} onChange={() => put({ archived: away ? null : "1" })} /> archived ({archived})
          </label>
        ) : null}
        {chosen.length > 1 ? (
          <a class="button" href={`/compare?of=${chosen.join(",")}`}>
            Compare {chosen.length}
          </a>
        ) : chosen.length === 1 ? (
          <span class="dim">choose another one to compare</span>
        ) : null}
      </div>
      <div class="scroll">
        <List
          rows={shown}
          name={(row) => row.sweep}
          empty={find ? `No sweep says “${find}”.` : away ? "None is archived." : "All sweeps are archived."}
          columns={columns}
        />
      </div>
    </>
  );
}
