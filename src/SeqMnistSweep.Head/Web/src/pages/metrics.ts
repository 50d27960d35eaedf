import { query, type SweepSummary, type TrialTable } from "../api";
import { useData } from "../data";

/** Metrics that trials have reported: those of the sweep first, then all others by name. */
export function useReported({ sweep, metrics }: SweepSummary): string[] {
  const table = useData<TrialTable>(
    `sweeps/${sweep.sweep}/trials${query({ where: "value != null", columns: "metrics", limit: 20 })}`,
    sweep.completed + sweep.pruned > 0,
  );
  const reported = (table.data?.columns.metrics ?? []).flatMap((one) => Object.keys((one as object | null) ?? {}));
  return [...new Set([...metrics.map((one) => one.name), ...reported.sort()])];
}
