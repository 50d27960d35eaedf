import { type Curve, type EventRow, Refusal, type SweepRow, type TrialCurves, type TrialRow, type TrialTable } from "../api";
import { isRoutine } from "../parts/events";
import { keyOf, type Report, theReport } from "./report";
import { rowsOf } from "./rows";

/** What a head would say to a path, out of the file. */
export function answer<T>(path: string): T {
  const [at = "", text = ""] = path.split("?");
  const asked = new URLSearchParams(text);
  const report = theReport();
  const found = composed(report, at, asked) ?? report.answers[keyOf(path)];
  if (found === undefined) throw new Refusal("this is not in the report", "the head that wrote it has it", undefined, undefined, 404);
  return found as T;
}

/** Answers that are made of others. */
function composed(report: Report, at: string, asked: URLSearchParams): unknown {
  const sweep = `sweeps/${report.sweep}`;
  const trial = new RegExp(`^trials/${report.sweep}/(\\d+)(/log)?$`).exec(at);
  if (at === "sweeps") return [report.answers[sweep]];
  if (at === `${sweep}/trials`)
    return asked.get("columns") === "metrics" ? reportedOf(report) : rowsOf(report.table, asked, (report.answers[sweep] as SweepRow).goal);
  if (at === `${sweep}/curves`) return curvesOf(report, asked.get("metric") ?? "", (asked.get("trials") ?? "").split(",").map(Number));
  if (at === `${sweep}/leaderboard`)
    return (report.answers[at] as unknown[]).slice(0, Number(asked.get("top") ?? Number.POSITIVE_INFINITY));
  if (at === `${sweep}/events` && asked.get("news") === "true")
    return (report.answers[at] as EventRow[]).filter((event) => !isRoutine(event));
  if (trial?.[2]) return Number(asked.get("offset")) > 0 ? { text: "", next: 0, reason: null } : undefined;
  return trial && !report.answers[at] ? trialOf(report, Number(trial[1])) : undefined;
}

/** What trials have reported: the table of the file has the sweep's metrics alone. */
function reportedOf({ sweep, answers, detailed, table }: Report): TrialTable {
  const curves = detailed.slice(0, 20).map((trial) => answers[`trials/${sweep}/${trial}/curves`] as TrialCurves | undefined);
  const metrics = curves.map((all) => Object.fromEntries((all?.metrics ?? []).map((one) => [one.metric, one.values.at(-1)])));
  return { ...table, columns: { metrics } };
}

function curvesOf(report: Report, metric: string, trials: number[]): Curve[] {
  return trials.map((trial) => {
    const all = report.answers[`trials/${report.sweep}/${trial}/curves`] as TrialCurves | undefined;
    const one = all?.metrics.find((curve) => curve.metric === metric);
    return { trial, epochs: one?.epochs ?? [], values: one?.values ?? [] };
  });
}

/** A trial that the file has no more of than its row of the table. */
function trialOf({ sweep, table }: Report, number: number): Partial<TrialRow> | undefined {
  const at = table.columns.number!.indexOf(number);
  if (at < 0) return undefined;
  const row = Object.fromEntries(Object.entries(table.columns).map(([name, values]) => [name, values[at]]));
  const params = Object.entries(row).filter(([name, value]) => name.startsWith("params.") && value !== null);
  return {
    ...row,
    trial: `${sweep}/${number}`,
    sweep,
    epoch: row.best_epoch as number,
    epochs: row.epochs_done as number,
    run_seconds: row.seconds as number,
    params: JSON.stringify(Object.fromEntries(params.map(([name, value]) => [name.slice(7), value]))),
    parameters: null,
    facts: null,
  };
}
