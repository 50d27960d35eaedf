import type { CheckpointRow, TrialRow } from "../../api";
import { useData, usePaced } from "../../data";
import { bytes } from "../../format";
import { Ready, Time } from "../../parts/basics";
import { List } from "../../parts/list";
import { isReport } from "../../report/report";

export function Checkpoints({ trial }: { trial: TrialRow }) {
  const version = usePaced(trial.epochs, 2000);
  const rows = useData<CheckpointRow[]>(`trials/${trial.sweep}/${trial.number}/checkpoints`, `${version}${trial.state}`);
  const file = ({ digest, epoch, name }: CheckpointRow) =>
    isReport ? (
      <code>{name ?? digest.slice(0, 12)}</code>
    ) : (
      <a
        href={`/api/v1/checkpoints/${trial.sweep}/${trial.number}/${digest}`}
        download={`${trial.sweep}-${trial.number}-${epoch}${name ? `-${name.replace("/", ".tar")}` : ".safetensors"}`}
      >
        <code>{name ?? digest.slice(0, 12)}</code>
      </a>
    );
  return (
    <Ready of={rows} what="the checkpoints">
      {(all) => (
        <List
          rows={all}
          name={(one) => one.digest}
          empty="None is kept."
          columns={[
            { head: "epochs", cell: (one) => [one.epoch, one.batch ? ` + ${one.batch} batches` : ""], numeric: true },
            { head: "size", cell: (one) => bytes(one.bytes), numeric: true },
            { head: "written", cell: (one) => <Time at={one.time} /> },
            { head: "file", cell: file },
          ]}
        />
      )}
    </Ready>
  );
}
