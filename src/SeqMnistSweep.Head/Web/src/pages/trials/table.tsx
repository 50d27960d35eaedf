import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, parameterColumn, query, type Refusal, type SweepSummary, type TrialTable, valuesOf } from "../../api";
import { usePaced } from "../../data";
import { count, duration, isAccuracy, kinds, many, metricText, nextSort, valueText } from "../../format";
import { Empty, State, Trouble } from "../../parts/basics";
import { type Column, VirtualTable } from "../../parts/virtual-table";
import { type Place, put, select, selected, toggled } from "../../route";
import { Columns, otherMetrics, own, parameterKey } from "./columns";
import { SaveRows } from "./save";
import { Selection } from "./selection";

const PageRows = 200;
const asked = [...own, "cause", "params.*", "metrics.*"];
const usual = ["number", "state", "value", "best_epoch", "test_accuracy", "seconds", "worker"];

export function Table({ summary, place }: { summary: SweepSummary; place: Place }) {
  const { sweep } = summary;
  const where = place.get("where") ?? "";
  const sort = place.get("sort") ?? "number";
  const chosen = selected(place);
  const version = usePaced(summary.last_event, 2000);
  const [pages, setPages] = useState(new Map<number, TrialTable>());
  const [error, setError] = useState<Refusal | null>(null);
  const reading = useRef(new Set<number>());
  const range = useRef<[number, number]>([0, 40]);
  const order = `${where}\n${sort}`;
  const shownOrder = useRef(order);
  const what = `${order}\n${version}`;
  const current = useRef(what);
  current.current = what;

  const read = useCallback(
    (first: number, last: number) => {
      range.current = [first, last];
      for (let page = Math.floor(first / PageRows); page <= Math.floor(Math.max(first, last - 1) / PageRows); page++) {
        if (reading.current.has(page)) continue;
        reading.current.add(page);
        get<TrialTable>(
          `sweeps/${sweep.sweep}/trials${query({ where, sort, columns: asked.join(","), offset: page * PageRows, limit: PageRows })}`,
        ).then(
          (table) => {
            if (current.current !== what) return;
            setError(null);
            const kept = shownOrder.current === order;
            shownOrder.current = order;
            setPages((old) => new Map(kept ? old : []).set(page, table));
          },
          (refusal: Refusal) => {
            if (current.current !== what) return;
            setError(refusal);
          },
        );
      }
    },
    [what, sweep.sweep],
  );

  // The rows that are there stay until newer ones take their places: also those of the filter before, where the new one cannot be.
  useEffect(() => {
    reading.current = new Set();
    read(...range.current);
  }, [read]);

  const head = pages.get(Math.floor(range.current[0] / PageRows)) ?? pages.values().next().value;
  const hidden = (place.get("hide") ?? "").split(",").filter(Boolean);
  const shownOwn = place.get("show")?.split(",").filter(Boolean) ?? usual;
  const constants = useMemo(() => head?.parameters.filter((name) => kinds(valuesOf(head, name)) === 1) ?? [], [head]);
  if (error && pages.size === 0) return <Trouble error={error} />;
  if (!head) return <Empty>Reading the trials …</Empty>;

  // The number is always in sight, and after it what somebody pinned.
  const pins = place.get("pin")?.split(",").filter(Boolean) ?? [];
  const metrics = otherMetrics(head.columns);
  const parameters = head.parameters.filter((name) => !hidden.includes(parameterKey(name))).map(parameterColumn);
  const names = [...shownOwn, ...metrics.filter((name) => !hidden.includes(name)), ...parameters];
  const isPinned = (name: string) =>
    name === "number" || pins.includes(name) || parameters.some((one) => one === name && pins.includes(parameterKey(one.slice(7))));
  const ordered = [...names.filter(isPinned), ...names.filter((name) => !isPinned(name))];
  const columns: Column[] = [
    { name: "choose", text: "", pinned: true },
    ...ordered.map((name) => ({
      name,
      text:
        name === "value"
          ? sweep.metric
          : name === "seconds"
            ? "time"
            : shownOwn.includes(name)
              ? name.replaceAll("_", " ")
              : name.slice(name.indexOf(".") + 1),
      numeric: shownOwn.includes(name)
        ? !["state", "worker", "purpose", "origin"].includes(name)
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
          onChange={() => select(toggled(chosen, number))}
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
              return metrics.includes(name)
                ? metricText(name.slice(name.indexOf(".") + 1), cell(name) as number | null)
                : valueText(cell(name));
          }
        }),
      ],
    };
  };
  return (
    <>
      <div class="tools">
        <span>{head.matched === head.total ? many(head.total, "trial") : `${count(head.matched)} of ${count(head.total)} trials`}</span>
        <Columns
          shown={shownOwn}
          parameters={head.parameters}
          hidden={hidden}
          pins={pins}
          constants={constants}
          metric={sweep.metric}
          metrics={metrics}
        />
        <Selection summary={summary} chosen={chosen} pages={pages} matched={head.matched} order={{ where, sort }} />
        <SaveRows sweep={sweep.sweep} order={{ where, sort }} columns={ordered} />
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
          onSort={(name) => put({ sort: nextSort(sort, name, name === "value" ? sweep.goal === "maximize" : isAccuracy(name)) })}
        />
      )}
    </>
  );
}
