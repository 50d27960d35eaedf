import { type SweepSummary, type TrialTable, valuesOf } from "../../api";
import { asCommand, asYaml } from "../../format";
import { Copy } from "../../parts/basics";
import { select } from "../../route";

export function Selection({
  summary: { sweep },
  chosen,
  pages,
}: {
  summary: SweepSummary;
  chosen: number[];
  pages: Map<number, TrialTable>;
}) {
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
