import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, type LeaderboardRow, query, type Refusal, type SweepSummary, type TrialTable } from "../api";
import { useData, usePaced } from "../data";
import { asCommand, asYaml, count, duration, many, metricText, parse, valueText, varied } from "../format";
import { Copy, Empty, Ready, State, Trouble } from "../parts/basics";
import { type Column, VirtualTable } from "../parts/virtual-table";
import { type Place, put, select, selected } from "../route";

const PageRows = 200;
const own = [
  "number",
  "state",
  "value",
  "best_epoch",
  "epochs_done",
  "test_accuracy",
  "seed",
  "attempts",
  "worker",
  "seconds",
  "origin",
  "configuration",
];
const usual = ["number", "state", "value", "best_epoch", "test_accuracy", "seconds", "worker"];
const examples = ["state == 'failed'", "value > 0.98", "lr < 1e-3 and state == 'completed'", "attempts > 1", "cause == 'out_of_memory'"];

export function Trials({ summary, place }: { summary: SweepSummary; place: Place }) {
  const grouped = place.get("group") === "seeds";
  return (
    <>
      <Filter place={place} />
      {grouped ? <Grouped summary={summary} /> : <Table summary={summary} place={place} />}
    </>
  );
}

function Filter({ place }: { place: Place }) {
  const where = place.get("where") ?? "";
  const [text, setText] = useState(where);
  useEffect(() => setText(where), [where]);
  const grouped = place.get("group") === "seeds";
  return (
    <form
      class="tools"
      onSubmit={(event) => {
        event.preventDefault();
        put({ where: text, group: null });
      }}
    >
      <label class="grow">
        Where
        <input
          type="search"
          value={text}
          list="examples"
          spellcheck={false}
          placeholder="lr < 1e-3 and state == 'completed'"
          onInput={(event) => setText(event.currentTarget.value)}
          onBlur={() => text !== where && put({ where: text, group: null })}
        />
      </label>
      <datalist id="examples">
        {examples.map((example) => (
          <option key={example} value={example} />
        ))}
      </datalist>
      <button type="submit">Filter</button>
      <label class="check">
        <input type="checkbox" checked={grouped} onChange={() => put({ group: grouped ? null : "seeds" })} /> group by seeds
      </label>
    </form>
  );
}

function Table({ summary, place }: { summary: SweepSummary; place: Place }) {
  const { sweep } = summary;
  const where = place.get("where") ?? "";
  const sort = place.get("sort") ?? "number";
  const chosen = selected(place);
  const version = usePaced(summary.last_event, 2000);
  const [pages, setPages] = useState(new Map<number, TrialTable>());
  const [error, setError] = useState<Refusal | null>(null);
  const asked = useRef(new Set<number>());
  const range = useRef<[number, number]>([0, 40]);
  const what = `${where}\n${sort}\n${version}`;
  const current = useRef(what);
  current.current = what;

  const read = useCallback(
    (first: number, last: number) => {
      range.current = [first, last];
      for (let page = Math.floor(first / PageRows); page <= Math.floor(Math.max(first, last - 1) / PageRows); page++) {
        if (asked.current.has(page)) continue;
        asked.current.add(page);
        get<TrialTable>(`sweeps/${sweep.sweep}/trials${query({ where, sort, offset: page * PageRows, limit: PageRows })}`).then(
          (table) => {
            if (current.current !== what) return;
            setError(null);
            setPages((old) => new Map(old).set(page, table));
          },
          (refusal: Refusal) => {
            if (current.current !== what) return;
            setError(refusal);
            if (refusal.position !== undefined || refusal.hint) setPages(new Map());
          },
        );
      }
    },
    [what, sweep.sweep],
  );

  // The rows that are there stay until newer ones take their places.
  useEffect(() => {
    asked.current = new Set();
    read(...range.current);
  }, [read]);
  useEffect(() => setPages(new Map()), [where, sort]);

  const head = pages.get(Math.floor(range.current[0] / PageRows)) ?? pages.values().next().value;
  const hidden = (place.get("hide") ?? "").split(",").filter(Boolean);
  const shownOwn = place.get("show")?.split(",").filter(Boolean) ?? usual;
  const constants = useMemo(() => constant(head), [head]);
  if (error && pages.size === 0) return <Trouble error={error} />;
  if (!head) return <Empty>Reading the trials …</Empty>;

  // The number is always in sight, and after it what somebody pinned.
  const pins = place.get("pin")?.split(",").filter(Boolean) ?? [];
  const names = [...shownOwn, ...head.parameters.filter((name) => !hidden.includes(name))];
  const isPinned = (name: string) => name === "number" || pins.includes(name);
  const ordered = [...names.filter(isPinned), ...names.filter((name) => !isPinned(name))];
  const columns: Column[] = [
    { name: "choose", text: "", pinned: true },
    ...ordered.map((name) => ({
      name,
      text: name === "value" ? sweep.metric : shownOwn.includes(name) ? name.replaceAll("_", " ") : name,
      numeric: shownOwn.includes(name)
        ? !["state", "worker", "origin"].includes(name)
        : typeof head.columns[name]?.find((value) => value !== null) === "number",
      pinned: isPinned(name),
    })),
  ];
  const row = (index: number) => {
    const page = pages.get(Math.floor(index / PageRows));
    const at = index % PageRows;
    const number = page?.columns.number?.[at] as number | undefined;
    if (!page || number === undefined) return null;
    const cell = (name: string) => page.columns[name]?.[at];
    return {
      key: number,
      chosen: chosen.includes(number),
      cells: [
        <input
          type="checkbox"
          aria-label={`select trial ${number}`}
          checked={chosen.includes(number)}
          onChange={() => select(chosen.includes(number) ? chosen.filter((one) => one !== number) : [...chosen, number])}
        />,
        ...ordered.map((name) => {
          switch (shownOwn.includes(name) ? name : "") {
            case "number":
              return <a href={`/t/${sweep.sweep}/${number}`}>{number}</a>;
            case "state":
              return <State of={cell("state") as string} cause={cell("cause") as string | null} />;
            case "value":
              return metricText(sweep.metric, cell("value") as number | null);
            case "test_accuracy":
              return metricText("accuracy", cell("test_accuracy") as number | null);
            case "seconds":
              return cell("seconds") === null ? "–" : duration(cell("seconds") as number);
            default:
              return valueText(cell(name));
          }
        }),
      ],
    };
  };
  return (
    <>
      <div class="tools">
        <span>{head.matched === head.total ? many(head.total, "trial") : `${count(head.matched)} of ${count(head.total)} trials`}</span>
        <Columns shown={shownOwn} parameters={head.parameters} hidden={hidden} pins={pins} constants={constants} metric={sweep.metric} />
        <Selection summary={summary} chosen={chosen} pages={pages} />
      </div>
      {error ? <Trouble error={error} /> : null}
      {head.matched === 0 ? (
        <Empty>No trial is like that.</Empty>
      ) : (
        <VirtualTable
          columns={columns}
          rows={head.matched}
          row={row}
          sort={sort}
          label="trials"
          onRange={read}
          onSort={(name) => put({ sort: sort === name ? `-${name}` : sort === `-${name}` ? null : name })}
        />
      )}
    </>
  );
}

/** Parameters that are the same in all trials that were read. */
function constant(table: TrialTable | undefined): string[] {
  return (table?.parameters ?? []).filter((name) => new Set(table!.columns[name]?.map((value) => JSON.stringify(value))).size === 1);
}

function Columns({
  shown,
  parameters,
  hidden,
  pins,
  constants,
  metric,
}: {
  shown: string[];
  parameters: string[];
  hidden: string[];
  pins: string[];
  constants: string[];
  metric: string;
}) {
  const toggle = (list: string[], name: string) => (list.includes(name) ? list.filter((one) => one !== name) : [...list, name]);
  const pin = (name: string) => (
    <label class="check pin">
      <input
        type="checkbox"
        aria-label={`pin ${name}`}
        checked={pins.includes(name)}
        onChange={() => put({ pin: toggle(pins, name).join(",") })}
      />{" "}
      pin
    </label>
  );
  return (
    <details class="menu">
      <summary>Columns</summary>
      <div>
        {own
          .filter((name) => name !== "number")
          .map((name) => (
            <div class="column" key={name}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={shown.includes(name)}
                  onChange={() => put({ show: own.filter((one) => toggle(shown, name).includes(one)).join(",") })}
                />{" "}
                {name === "value" ? metric : name.replaceAll("_", " ")}
              </label>
              {pin(name)}
            </div>
          ))}
        <hr />
        {parameters.map((name) => (
          <div class="column" key={name}>
            <label class="check">
              <input type="checkbox" checked={!hidden.includes(name)} onChange={() => put({ hide: toggle(hidden, name).join(",") })} />{" "}
              {name}
            </label>
            {pin(name)}
          </div>
        ))}
        {constants.length > 0 && constants.length < parameters.length ? (
          <button type="button" onClick={() => put({ hide: [...new Set([...hidden, ...constants])].join(",") })}>
            Hide what is the same everywhere
          </button>
        ) : null}
      </div>
    </details>
  );
}

function Selection({ summary: { sweep }, chosen, pages }: { summary: SweepSummary; chosen: number[]; pages: Map<number, TrialTable> }) {
  const params = () => {
    const found: Record<string, unknown>[] = [];
    for (const page of pages.values()) {
      page.columns.number?.forEach((number, i) => {
        if (chosen.includes(number as number)) {
          found.push(
            Object.fromEntries(
              page.parameters.map((name) => [name, page.columns[name]?.[i]]).filter(([, value]) => value !== null && value !== undefined),
            ),
          );
        }
      });
    }
    return found;
  };
  return chosen.length === 0 ? (
    <span class="dim">select trials to compare or copy them; the selection holds in all views</span>
  ) : (
    <div class="buttons">
      <strong>{chosen.length} selected</strong>
      <a class="button" href={`/s/${sweep.sweep}/compare?sel=${chosen.join(",")}`}>
        Compare
      </a>
      <Copy
        text={() =>
          `enqueue:\n${params()
            .map((one) => `  ${asYaml(one)}`)
            .join("\n")}\n`
        }
      >
        Copy as YAML
      </Copy>
      <Copy
        text={() =>
          params()
            .map((one) => asCommand(sweep.sweep, one))
            .join("\n")
        }
      >
        Copy as command
      </Copy>
      <button type="button" onClick={() => select([])}>
        Clear
      </button>
    </div>
  );
}

/** One row per configuration: mean and deviation over its seeds. */
function Grouped({ summary }: { summary: SweepSummary }) {
  const { sweep } = summary;
  const version = usePaced(sweep.completed, 2000);
  const rows = useData<LeaderboardRow[]>(`sweeps/${sweep.sweep}/leaderboard?top=20000`, version);
  return (
    <Ready of={rows} what="the configurations">
      {(all) => (all.length === 0 ? <Empty>No trial has completed yet.</Empty> : <Configurations summary={summary} rows={all} />)}
    </Ready>
  );
}

function Configurations({ summary: { sweep }, rows }: { summary: SweepSummary; rows: LeaderboardRow[] }) {
  const [sort, setSort] = useState("rank");
  const sets = useMemo(() => rows.map((row) => parse(row.params)), [rows]);
  const names = useMemo(() => varied(sets), [sets]);
  const order = useMemo(() => {
    const name = sort.replace(/^-/, "");
    const key = (i: number) =>
      (name in rows[0]! ? (rows[i] as unknown as Record<string, unknown>)[name] : sets[i]![name]) as number | string | null | undefined;
    const sign = sort.startsWith("-") ? -1 : 1;
    return rows
      .map((_, i) => i)
      .sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === y || (x == null && y == null)) return a - b;
        return x == null ? 1 : y == null ? -1 : (x < y ? -1 : 1) * sign;
      });
  }, [rows, sets, sort]);
  const columns: Column[] = [
    { name: "rank", numeric: true },
    { name: "trial", text: "first trial", numeric: true },
    { name: "value", text: sweep.metric, numeric: true },
    { name: "deviation", numeric: true },
    { name: "seeds", numeric: true },
    { name: "test_accuracy", text: "test accuracy", numeric: true },
    ...names.map((name) => ({ name, numeric: typeof sets[0]![name] === "number" })),
  ];
  return (
    <>
      <div class="tools">
        <span>{count(rows.length)} configurations with a completed trial</span>
      </div>
      <VirtualTable
        columns={columns}
        rows={rows.length}
        sort={sort}
        label="configurations"
        onRange={() => undefined}
        onSort={(name) => setSort(sort === name ? `-${name}` : name)}
        row={(index) => {
          const i = order[index]!;
          const one = rows[i]!;
          return {
            key: one.trial,
            cells: [
              one.rank,
              <a href={`/t/${one.trial}`}>{one.trial.split("/")[1]}</a>,
              metricText(sweep.metric, one.value),
              one.deviation === null ? "–" : metricText(sweep.metric, one.deviation),
              one.seeds,
              metricText("accuracy", one.test_accuracy),
              ...names.map((name) => valueText(sets[i]![name])),
            ],
          };
        }}
      />
    </>
  );
}
