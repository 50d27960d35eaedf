import { parameterColumn } from "../../api";
import { put, toggled } from "../../route";

export const own = [
  "number",
  "state",
  "value",
  "best_epoch",
  "epochs_done",
  "test_accuracy",
  "seed",
  "attempts",
  "worker",
  "seconds",
  "purpose",
  "origin",
  "configuration",
];

/** Columns of the sweep's metrics but the first, which is the value. */
export const otherMetrics = (columns: Record<string, unknown>) =>
  Object.keys(columns)
    .filter((name) => name.startsWith("metrics."))
    .slice(1);

/** A parameter's name in addresses: bare, but where a column of the table has it. */
export const parameterKey = (name: string) => (own.includes(name) ? parameterColumn(name) : name);

export function Columns({
  shown,
  parameters,
  hidden,
  pins,
  constants,
  metric,
  metrics,
}: {
  shown: string[];
  parameters: string[];
  hidden: string[];
  pins: string[];
  constants: string[];
  metric: string;
  metrics: string[];
}) {
  const pin = (name: string) => (
    <label class="check pin">
      <input
        type="checkbox"
        aria-label={`pin ${name}`}
        checked={pins.includes(name)}
        onChange={() => put({ pin: toggled(pins, name).join(",") })}
      />{" "}
      pin
    </label>
  );
  return (
    <details class="menu">
      <summary>Columns</summary>
      <div>
        {own
          .filter((name) => name !== "number")
          .map((name) => (
            <div class="column" key={name}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={shown.includes(name)}
                  onChange={() => put({ show: own.filter((one) => toggled(shown, name).includes(one)).join(",") })}
                />{" "}
                {name === "value" ? metric : name.replaceAll("_", " ")}
              </label>
              {pin(name)}
            </div>
          ))}
        {metrics.map((name) => (
          <div class="column" key={name}>
            <label class="check">
              <input type="checkbox" checked={!hidden.includes(name)} onChange={() => put({ hide: toggled(hidden, name).join(",") })} />{" "}
              {name.slice(name.indexOf(".") + 1)}
            </label>
            {pin(name)}
          </div>
        ))}
        <hr />
        {parameters.map((name) => (
          <div class="column" key={name}>
            <label class="check">
              <input
                type="checkbox"
                checked={!hidden.includes(parameterKey(name))}
                onChange={() => put({ hide: toggled(hidden, parameterKey(name)).join(",") })}
              />{" "}
              {name}
            </label>
            {pin(parameterKey(name))}
          </div>
        ))}
        {constants.length > 0 && constants.length < parameters.length ? (
          <button type="button" onClick={() => put({ hide: [...new Set([...hidden, ...constants.map(parameterKey)])].join(",") })}>
            Hide what is the same everywhere
          </button>
        ) : null}
      </div>
    </details>
  );
}
