import { useState } from "preact/hooks";
import { post, type QueryResult, type Refusal } from "../api";
import { isSqlNumber, many, sqlText } from "../format";
import { Copy, Panel, Trouble } from "../parts/basics";
import { type Place, put } from "../route";

const ready: [string, string][] = [
  ["States of trials", "select sweep, state, count(*) as trials\nfrom trials\ngroup by sweep, state"],
  ["Best of each sweep", "select sweep, trial, value, deviation, seeds, params\nfrom leaderboard\nwhere rank = 1"],
  [
    "Value by one parameter",
    "select params ->> 'lr' as lr, count(*) as trials, avg(value) as mean, max(value) as best\nfrom trials\nwhere state = 'completed'\ngroup by lr\norder by mean desc",
  ],
  ["Slowest epochs", "select trial, epoch, epoch_seconds\nfrom reports\norder by epoch_seconds desc\nlimit 20"],
  ["Failures", "select trial, cause, attempts, message\nfrom trials\nwhere state = 'failed'"],
  [
    "What the views hold",
    "select m.name as view, c.name as column\nfrom sqlite_schema m, pragma_table_info(m.name) c\nwhere m.type = 'view'",
  ],
];

const Saved = "queries";
const read = (): [string, string][] => {
  try {
    return JSON.parse(localStorage.getItem(Saved) ?? "[]") as [string, string][];
  } catch {
    return [];
  }
};

export function Query({ place }: { place: Place }) {
  const [sql, setSql] = useState(place.get("sql") ?? ready[0]![1]);
  const [answer, setAnswer] = useState<QueryResult | null>(null);
  const [error, setError] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const [took, setTook] = useState(0);
  const [saved, setSaved] = useState(read);

  const run = async (text = sql) => {
    setBusy(true);
    setError(null);
    put({ sql: text });
    const start = performance.now();
    try {
      setAnswer(await post<QueryResult>("query", { sql: text, max_rows: 1000, timeout_ms: 10000 }));
    } catch (refusal) {
      setAnswer(null);
      setError(refusal as Refusal);
    } finally {
      setTook(performance.now() - start);
      setBusy(false);
    }
  };
  const keep = (list: [string, string][]) => {
    localStorage.setItem(Saved, JSON.stringify(list));
    setSaved(list);
  };
  return (
    <>
      <div class="title">
        <h1>Query</h1>
        <span class="dim">SQL over the views, read-only: sweeps, trials, reports, leaderboard, pareto, events, workers, checkpoints</span>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <label class="block">
          <span class="hidden">SQL</span>
          <textarea
            class="code"
            rows={7}
            spellcheck={false}
            value={sql}
            onInput={(event) => setSql(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                void run();
              }
            }}
          />
        </label>
        <div class="tools">
          <button type="submit" class="primary" disabled={busy}>
            {busy ? "Running …" : "Run"}
          </button>
          <span class="dim">Ctrl + Enter; at most 1,000 rows and 10 s</span>
          <label>
            Ready ones{" "}
            <select
              value=""
              onChange={(event) => {
                const text = event.currentTarget.value;
                if (text) {
                  setSql(text);
                  void run(text);
                }
                event.currentTarget.value = "";
              }}
            >
              <option value="">choose …</option>
              {[...ready, ...saved].map(([name, text]) => (
                <option key={name} value={text}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            onClick={() => keep([...saved.filter(([, text]) => text !== sql), [sql.split("\n")[0]!.slice(0, 60), sql]])}
          >
            Save in this browser
          </button>
          {saved.length ? (
            <button type="button" onClick={() => keep([])}>
              Forget the saved ones
            </button>
          ) : null}
        </div>
      </form>
      {error ? (
        <>
          <Trouble error={error} />
          {error.position !== undefined ? (
            <pre class="log">
              {sql.slice(0, error.position)}
              <mark>{sql.slice(error.position, error.position + 12) || " "}</mark>
              {sql.slice(error.position + 12)}
            </pre>
          ) : null}
        </>
      ) : null}
      {answer ? <Result answer={answer} took={took} /> : null}
    </>
  );
}

const cell = (value: unknown) => (value === null ? <span class="dim">null</span> : sqlText(value));

function Result({ answer, took }: { answer: QueryResult; took: number }) {
  const csv = () =>
    [answer.columns, ...answer.rows]
      .map((row) =>
        row
          .map((value) => {
            const text = sqlText(value);
            return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
          })
          .join(","),
      )
      .join("\n");
  return (
    <Panel
      title={many(answer.rows.length, "row")}
      side={
        <>
          <span class="dim">
            {answer.more ? "more are cut off; " : ""}
            {took.toFixed(0)} ms
          </span>
          <Copy text={csv}>Copy as CSV</Copy>
        </>
      }
    >
      <div class="scroll tall" tabIndex={0} role="region" aria-label="result">
        <table class="list">
          <thead>
            <tr>
              {answer.columns.map((name, i) => (
                <th scope="col" class={isSqlNumber(answer.rows.find((row) => row[i] !== null)?.[i]) ? "num" : ""} key={i}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.rows.map((row, i) => (
              <tr key={i}>
                {row.map((value, c) => (
                  <td key={c} class={isSqlNumber(value) ? "num" : ""}>
                    {cell(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
