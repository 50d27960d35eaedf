// Numbers and times as the command line writes them: accuracies in percent with two digits, memory in MiB, other values with five
// significant digits.

export const isAccuracy = (metric: string) => metric.endsWith("accuracy");

/** What seqsweep measures of every trial, in bytes. */
export const isMemory = (metric: string) => metric === "peak_memory" || metric === "device_memory";

export const mebibytes = (value: number) => value / 2 ** 20;

export function metricText(metric: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (isAccuracy(metric)) return `${(100 * value).toFixed(2)} %`;
  return isMemory(metric) ? `${mebibytes(value).toFixed(1)} MiB` : number(value);
}

export function number(value: number, digits = 5): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const text =
    Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7
      ? String(Number(value.toPrecision(digits)))
      : value.toExponential(Math.max(0, digits - 3));
  return text.replace(/\.?0+e/, "e").replace("e+", "e");
}

export const count = (value: number) => value.toLocaleString("en-US");

export const many = (value: number, thing: string) => `${count(value)} ${thing}${value === 1 ? "" : "s"}`;

export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(1000 * Math.max(0, seconds))} ms`;
  const whole = Math.round(seconds);
  if (whole < 100) return `${whole} s`;
  if (whole < 5400) return `${Math.round(whole / 60)} min`;
  const hours = whole / 3600;
  return hours < 48 ? `${hours.toFixed(hours < 10 ? 1 : 0)} h` : `${Math.round(hours / 24)} days`;
}

/** Up to now where there is no end. */
export const secondsFrom = (start: string, end: string | null) => ((end ? Date.parse(end) : Date.now()) - Date.parse(start)) / 1000;

export const bytes = (value: number) =>
  value < 1e3
    ? `${value} B`
    : value < 1e6
      ? `${(value / 1e3).toFixed(1)} kB`
      : value < 1e9
        ? `${(value / 1e6).toFixed(1)} MB`
        : `${(value / 1e9).toFixed(1)} GB`;

export function clock(time: string): string {
  const at = new Date(time);
  const today = at.toDateString() === new Date().toDateString();
  const year = at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" as const };
  return today
    ? at.toLocaleTimeString("en-GB")
    : at.toLocaleString("en-GB", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", ...year }).replace(",", "");
}

export function ago(time: string, now = Date.now()): string {
  const seconds = (now - Date.parse(time)) / 1000;
  return seconds < 5 ? "just now" : `${duration(seconds)} ago`;
}

/** A parameter's value as a person would write it. */
export const valueText = (value: unknown, digits = 6): string =>
  value === null || value === undefined
    ? ""
    : typeof value === "number"
      ? number(value, digits)
      : typeof value === "string"
        ? value
        : JSON.stringify(value);

export const tagsOf = (row: { tags: string }): string[] => JSON.parse(row.tags) as string[];

export function parse(json: string | null | undefined): Record<string, unknown> {
  if (!json) return {};
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A configuration, nested parameters by their dotted names. */
export const configuration = (json: string | null | undefined) => flat(parse(json));

const flat = (values: Record<string, unknown>, prefix = ""): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
        ? Object.entries(flat(value as Record<string, unknown>, `${prefix}${name}.`))
        : [[`${prefix}${name}`, value]],
    ),
  );

/** How many different values there are. */
export const kinds = (values: unknown[] | undefined) => new Set(values?.map((value) => JSON.stringify(value))).size;

/** Names whose values are not the same in all of them. */
export function varied(sets: Record<string, unknown>[]): string[] {
  const names = [...new Set(sets.flatMap((set) => Object.keys(set)))];
  return names.filter((name) => kinds(sets.map((set) => set[name])) > 1);
}

/** Names that tell configurations apart: those that are searched, or differ; where there are none, all. */
export function telling(sets: Record<string, unknown>[], searched: Iterable<string>): string[] {
  const all = [...new Set(sets.flatMap((set) => Object.keys(set)))];
  const wanted = new Set([...searched, ...varied(sets)]);
  const names = all.filter((name) => wanted.has(name));
  return names.length > 0 ? names : all;
}

/** The order after a click on a column's head: what is best comes first, the other way round next, then the usual order. */
export const nextSort = (sort: string, name: string, largestFirst: boolean): string | null => {
  const [first, second] = largestFirst ? [`-${name}`, name] : [name, `-${name}`];
  return sort === first ? second : sort === second ? null : first;
};

/** One configuration as a point of `enqueue`, and as the command that asks for it. */
export const asYaml = (params: Record<string, unknown>) =>
  `- {${Object.entries(params)
    .map(
      ([name, value]) =>
        `${name}: ${typeof value === "string" && !/^[A-Za-z][\w-]*$/.test(value) ? JSON.stringify(value) : JSON.stringify(value)}`,
    )
    .join(", ")}}`;

export const asCommand = (sweep: string, params: Record<string, unknown>) =>
  `seqsweep enqueue ${sweep} ${Object.entries(params)
    .map(([name, value]) => quote(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`))
    .join(" ")}`;

const quote = (word: string) => (/^[\w=.,:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** Whether every seed of a configuration has completed; only such a row is the best of anything. */
export const isWhole = (row: { seeds: number; planned_seeds: number }) => row.seeds >= row.planned_seeds;

/** A value of an SQL query as text; a whole real comes as `{real}`, a blob as `{base64}`. */
export function sqlText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  const { real, base64 } = value as { real?: string; base64?: string };
  return real === undefined ? (base64 ?? JSON.stringify(value)) : /^-?\d+$/.test(real) ? `${real}.0` : real;
}

/** Whether a value of an SQL query is a number. */
export const isSqlNumber = (value: unknown) =>
  typeof value === "number" || (typeof value === "object" && value !== null && "real" in value);
