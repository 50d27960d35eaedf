import type { SweepSummary } from "../../api";
import { Density } from "../../charts/density";
import { usePaced } from "../../data";
import { Choice } from "../../parts/choice";
import { type Place, put } from "../../route";

export function AllCurves({ summary: { sweep }, place }: { summary: SweepSummary; place: Place }) {
  const version = usePaced(sweep.completed + sweep.pruned, 10_000);
  const names = [...new Set([sweep.metric, "val_accuracy", "val_loss", "train_accuracy", "train_loss", "test_accuracy", "test_loss"])];
  const metric = place.get("curves") ?? sweep.metric;
  return (
    <>
      <div class="tools">
        <Choice
          label="metric"
          value={metric}
          names={names.includes(metric) ? names : [metric, ...names]}
          onChange={(to) => put({ curves: to === sweep.metric ? null : to })}
        />
      </div>
      <Density sweep={sweep.sweep} metric={metric} version={version} />
    </>
  );
}
