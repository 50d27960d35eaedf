import { useContext, useState } from "preact/hooks";
import { type ConfirmPlan, get, type SweepRow } from "../api";
import { Caller } from "../caller";
import { useData } from "../data";
import { bytes, many } from "../format";
import { isReport } from "../report/report";
import { go } from "../route";
import { Ask } from "./ask";

/** The text of a sweep file on its way to the page that submits one. */
export const Draft = "draft";

/** The sweep's file again, to be changed and submitted. */
export function Clone({ of, label = "Clone" }: { of: SweepRow; label?: string }) {
  const caller = useContext(Caller);
  if (isReport || caller?.role === "viewer" || (caller && caller.serves !== "head")) return null;
  const clone = async () => {
    const { spec } = await get<SweepRow>(`sweeps/${of.sweep}`);
    sessionStorage.setItem(Draft, spec);
    go("/new?draft=1");
  };
  return (
    <button type="button" onClick={() => void clone()}>
      {label}
    </button>
  );
}

/** The best of a sweep that has ended, under fresh seeds. */
export function Confirm({ of, plan }: { of: SweepRow; plan: ConfirmPlan }) {
  const [top, setTop] = useState(plan.top);
  const [seeds, setSeeds] = useState(plan.seeds);
  const number = (text: string, value: number, set: (value: number) => void) => (
    <label>
      {text}
      <input type="number" min={1} required value={value} onInput={(event) => set(event.currentTarget.valueAsNumber)} />
    </label>
  );
  return (
    <Ask
      label="Confirm"
      title="Confirm the best"
      what="The best configurations run again under seeds that the search did not use. The leaderboard ranks them by these alone."
      path={`sweeps/${of.sweep}/edit`}
      body={{ edits: { confirm_top: top, confirm_seeds: seeds } }}
      does={Number.isNaN(top * seeds) ? "Run them again" : `Run ${many(top * seeds, "trial")}`}
    >
      {number("Configurations", top, setTop)}
      {number("Fresh seeds of each", seeds, setSeeds)}
    </Ask>
  );
}

export const Archive = ({ of }: { of: SweepRow }) => (
  <Ask
    label={of.archived ? "Unarchive" : "Archive"}
    title={of.archived ? "Show this sweep in lists again" : "Archive this sweep"}
    what={of.archived ? "Lists show it again." : "Lists leave it out; nothing is deleted, and this can be taken back."}
    path={`sweeps/${of.sweep}/label`}
    body={{ archived: !of.archived }}
  />
);

export const Delete = ({ of }: { of: SweepRow }) => (
  <Ask
    label="Delete"
    title={`Delete ${of.sweep}`}
    what={<Deleted of={of} />}
    path={`sweeps/${of.sweep}/delete`}
    does="Delete for ever"
    kept="the audit"
    onDone={() => go("/")}
    danger
  />
);

/** What a deletion takes away. */
function Deleted({ of }: { of: SweepRow }) {
  const { data: use } = useData<{ files: number; bytes: number }>(`sweeps/${of.sweep}/usage`);
  const files = use ? `${many(use.files, "file")} (${bytes(use.bytes)})` : "its files";
  return `${many(of.trials, "trial")}, and ${files}: checkpoints, logs and outputs. This cannot be taken back.`;
}
