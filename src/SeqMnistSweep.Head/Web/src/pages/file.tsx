import type { SweepRow, SweepSummary } from "../api";
import { useData } from "../data";
import { Copy, Panel, Ready } from "../parts/basics";
import { Clone } from "../parts/housekeeping";

export function SweepFile({ summary }: { summary: SweepSummary }) {
  const row = useData<SweepRow>(`sweeps/${summary.sweep.sweep}`);
  return (
    <Ready of={row} what="the sweep file">
      {(sweep) => (
        <Panel
          title="As it was submitted"
          side={
            <div class="buttons">
              <Copy text={() => sweep.spec}>Copy</Copy>
              <Clone of={sweep} label="New sweep from it" />
            </div>
          }
        >
          <pre class="log tall" tabIndex={0} aria-label="sweep file">
            {sweep.spec}
          </pre>
          {sweep.edits !== "{}" ? (
            <p>
              Changed since: <code>{sweep.edits}</code>
            </p>
          ) : null}
          {sweep.infeasible ? <p>{sweep.infeasible} points were dropped by its constraints.</p> : null}
        </Panel>
      )}
    </Ready>
  );
}
