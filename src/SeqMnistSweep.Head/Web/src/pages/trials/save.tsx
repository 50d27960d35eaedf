import { useState } from "preact/hooks";
import { get, query, type Refusal, type TrialTable } from "../../api";
import { type Cell, csv } from "../../charts/picture";
import { Trouble } from "../../parts/basics";

const PageRows = 20_000;

/** The table as a file: all rows that the filter lets through, in their order, with the columns that are shown. */
export function SaveRows({ sweep, order, columns }: { sweep: string; order: { where: string; sort: string }; columns: string[] }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refusal | null>(null);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const blob = new Blob([await rowsAsCsv(sweep, order, columns)], { type: "text/csv" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${sweep}-trials.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (refusal) {
      setError(refusal as Refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" disabled={busy} onClick={() => void save()}>
        {busy ? "Reading …" : "CSV"}
      </button>
      {error ? <Trouble error={error} /> : null}
    </>
  );
}

async function rowsAsCsv(sweep: string, order: { where: string; sort: string }, columns: string[]): Promise<string> {
  const rows: Cell[][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const asked = query({ ...order, columns: columns.join(","), limit: PageRows, cursor });
    const page: TrialTable = await get<TrialTable>(`sweeps/${sweep}/trials${asked}`);
    const count = page.columns[columns[0]!]?.length ?? 0;
    for (let i = 0; i < count; i++) rows.push(columns.map((name) => cellOf(page.columns[name]?.[i])));
    cursor = count > 0 ? page.next : null;
  }
  return csv({ columns: columns.map((name) => ({ name })), rows });
}

const cellOf = (value: unknown): Cell =>
  value === null || value === undefined ? null : typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
