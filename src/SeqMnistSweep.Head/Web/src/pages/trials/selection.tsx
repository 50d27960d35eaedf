import { get, query, type SweepSummary, type TrialTable, valuesOf } from "../../api";
import { asCommand, asYaml } from "../../format";
import { Copy } from "../../parts/basics";
import { select } from "../../route";

/** The selection is in the address, which has its limits. */
const Most = 500;

export function Selection({
  summary: { sweep },
  chosen,
  pages,
  matched,
  order,
}: {
  summary: SweepSummary;
  chosen: number[];
  pages: Map<number, TrialTable>;
  matched: number;
  order: { where: string; sort: string };
}) {
  const all = async () => {
    const table = await get<TrialTable>(`sweeps/${sweep.sweep}/trials${query({ ...order, columns: "number", limit: Most })}`);
    select(table.columns.number as number[]);
  };
  const choose = (
    <button type="button" disabled={matched === 0} onClick={() => void all()}>
      Select {matched > Most ? `the first ${Most}` : `all ${matched}`}
    </button>
  );
  const params = () => {
    const found: Record<string, unknown>[] = [];
    for (const page of pages.values()) {
      page.columns.number?.forEach((number, i) => {
        if (chosen.includes(number as number)) {
          found.push(
            Object.fromEntries(
              page.parameters.map((name) => [name, valuesOf(page, name)[i]]).filter(([, value]) => value !== null && value !== undefined),
            ),
          );
        }
      });
    }
    return found;
  };
  return chosen.length === 0 ? (
    <div class="buttons">
      <span class="dim">select trials to compare or copy them; the selection holds in all views</span>
      {choose}
    </div>
  ) : (
    <div class="buttons">
      {choose}
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
