import type { OutputFile, TrialRow } from "../../api";
import { useData, usePaced } from "../../data";
import { bytes } from "../../format";
import { Ready, Time } from "../../parts/basics";
import { List } from "../../parts/list";
import { isReport } from "../../report/report";

export function Files({ trial }: { trial: TrialRow }) {
  const version = usePaced(trial.epochs, 5000);
  const at = `trials/${trial.sweep}/${trial.number}/files`;
  const rows = useData<OutputFile[]>(at, `${version}${trial.state}${trial.attempts}`);
  const file = ({ name }: OutputFile) =>
    isReport ? (
      name
    ) : (
      <a href={`/api/v1/${at}/${name.split("/").map(encodeURIComponent).join("/")}`} download={name.split("/").at(-1)}>
        {name}
      </a>
    );
  return (
    <Ready of={rows} what="the files">
      {(all) => (
        <List
          rows={all}
          name={(one) => one.name}
          empty="It has written none to SEQSWEEP_OUTPUT that are here; a worker brings them when an attempt ends."
          columns={[
            { head: "file", cell: file },
            { head: "size", cell: (one) => bytes(one.bytes), numeric: true },
            { head: "written", cell: (one) => <Time at={one.modified} /> },
          ]}
        />
      )}
    </Ready>
  );
}
