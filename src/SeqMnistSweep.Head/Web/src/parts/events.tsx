import { useEffect, useMemo, useState } from "preact/hooks";
import type { EventRow } from "../api";
import { useData } from "../data";
import { listen } from "../live";
import { Empty, Ready, Time } from "./basics";

const MostEvents = 200;

/** Whether it says only what every trial goes through; the head's `news` leaves the same out. */
export const isRoutine = (event: EventRow) =>
  event.kind === "proposed" ||
  (event.kind === "state" &&
    event.trial !== null &&
    (event.to_state === "leased" || (event.to_state === "running" && event.attempt === 1)));

export function Events({ sweep, trial }: { sweep: string; trial?: number }) {
  const [everything, setEverything] = useState(false);
  const path =
    trial === undefined
      ? `sweeps/${sweep}/events?last=${MostEvents}&news=${!everything}`
      : `trials/${sweep}/${trial}/events?last=${MostEvents}`;
  const loaded = useData<EventRow[]>(path);
  const [newer, setNewer] = useState<EventRow[]>([]);
  const topic = trial === undefined ? `sweep:${sweep}` : `trial:${sweep}/${trial}`;
  useEffect(() => {
    setNewer([]);
    return listen(
      topic,
      () => undefined,
      (events) => setNewer((old) => [...old, ...events].slice(-MostEvents)),
    );
  }, [topic]);
  const all = useMemo(() => {
    const known = new Map([...(loaded.data ?? []), ...newer].map((event) => [event.event, event]));
    const shown = [...known.values()].filter((event) => everything || trial !== undefined || !isRoutine(event));
    return shown.sort((a, b) => b.event - a.event).slice(0, MostEvents);
  }, [loaded.data, newer, everything, trial]);
  return (
    <Ready of={loaded} what="the events">
      {() => (
        <>
          {trial === undefined ? (
            <label class="every">
              <input type="checkbox" checked={everything} onChange={() => setEverything(!everything)} /> each start of a trial too
            </label>
          ) : null}
          {all.length === 0 ? (
            <Empty>Nothing.</Empty>
          ) : (
            <ol class="events" tabIndex={0} aria-label={`the last ${all.length} events, the newest first`}>
              {all.map((event) => (
                <li key={event.event}>
                  <Time at={event.time} />
                  <span>
                    {event.trial && trial === undefined ? (
                      <a href={`/t/${event.trial}`}>trial {event.trial.split("/")[1]}</a>
                    ) : trial === undefined ? (
                      "sweep"
                    ) : (
                      ""
                    )}
                  </span>
                  <span class={event.to_state ?? ""}>{event.to_state ?? event.kind.replaceAll("_", " ")}</span>
                  <span>
                    {event.reason}{" "}
                    <span class="dim">
                      {event.actor}
                      {event.said_by && !event.said_by.startsWith(`${event.actor}@`) ? ` (says ${event.said_by})` : null}
                    </span>
                  </span>
                </li>
              ))}
            </ol>
          )}
        </>
      )}
    </Ready>
  );
}
