import { useEffect, useState } from "preact/hooks";
import type { SweepSummary } from "../../api";
import { type Place, put } from "../../route";
import { Configurations } from "./configurations";
import { Table } from "./table";

const examples = ["state == 'failed'", "value > 0.98", "lr < 1e-3 and state == 'completed'", "attempts > 1", "cause == 'out_of_memory'"];

export function Trials({ summary, place }: { summary: SweepSummary; place: Place }) {
  const grouped = place.get("group") === "seeds";
  return (
    <>
      <Filter place={place} />
      {grouped ? <Configurations summary={summary} /> : <Table summary={summary} place={place} />}
    </>
  );
}

function Filter({ place }: { place: Place }) {
  const where = place.get("where") ?? "";
  const [text, setText] = useState(where);
  useEffect(() => setText(where), [where]);
  const grouped = place.get("group") === "seeds";
  return (
    <form
      class="tools"
      onSubmit={(event) => {
        event.preventDefault();
        put({ where: text, group: null });
      }}
    >
      <label class="grow">
        Where
        <input
          type="search"
          value={text}
          list="examples"
          spellcheck={false}
          placeholder="lr < 1e-3 and state == 'completed'"
          onInput={(event) => setText(event.currentTarget.value)}
          onBlur={() => text !== where && put({ where: text, group: null })}
        />
      </label>
      <datalist id="examples">
        {examples.map((example) => (
          <option key={example} value={example} />
        ))}
      </datalist>
      <button type="submit">Filter</button>
      <label class="check">
        <input type="checkbox" checked={grouped} onChange={() => put({ group: grouped ? null : "seeds" })} /> group by seeds
      </label>
    </form>
  );
}
