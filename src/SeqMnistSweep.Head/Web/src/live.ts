import { useEffect, useState } from "preact/hooks";
import type { EventRow } from "./api";
import { type Loaded, useData } from "./data";
import { type FromHub, Hub, type Listener, type Status, type ToHub } from "./hub";
import { isReport } from "./report/report";

// What this page listens to. The stream itself lives in a worker that all pages of the browser share: a browser opens six connections to one
// address, and a seventh page would get none. Where there are no shared workers the page has a stream of its own.

type OnPicture = (picture: never) => void;
type OnEvents = (events: EventRow[]) => void;

const wanted = new Map<string, Set<OnPicture>>();
const onEvents = new Set<{ topic: string; tell: OnEvents }>();
const onStatus = new Set<(status: Status) => void>();
let status: Status = "connecting";
const send = connect();

function connect(): (message: ToHub) => void {
  if (isReport) return () => undefined;
  if (typeof SharedWorker !== "undefined") {
    const worker = new SharedWorker(new URL("./hub-worker.ts", import.meta.url), { type: "module", name: "seqsweep" });
    worker.port.onmessage = (message: MessageEvent<FromHub>) => hear(message.data);
    worker.port.start();
    return (message) => worker.port.postMessage(message);
  }
  const hub = new Hub();
  const listener: Listener = { topics: new Set(), tell: hear };
  hub.add(listener);
  return (message) => (message.kind === "topics" ? hub.set(listener, message.topics) : hub.remove(listener));
}

function hear(message: FromHub): void {
  if (message.kind === "status") {
    status = message.status;
    for (const tell of onStatus) tell(status);
  } else if (message.kind === "picture") {
    for (const tell of wanted.get(message.topic) ?? []) tell(message.picture as never);
  } else {
    for (const { topic, tell } of onEvents) {
      const events = message.events.filter((event) => topic === `sweep:${event.sweep}` || topic === `trial:${event.trial}`);
      if (events.length > 0) tell(events as EventRow[]);
    }
  }
}

/** A page that nobody sees asks for nothing, and catches up when it is seen again. */
const tellTopics = () => send({ kind: "topics", topics: document.visibilityState === "hidden" ? [] : [...wanted.keys()] });
document.addEventListener("visibilitychange", tellTopics);
window.addEventListener("pagehide", () => send({ kind: "topics", topics: [] }));
window.addEventListener("pageshow", tellTopics);

export function listen<T>(topic: string, tell: (picture: T) => void, events?: OnEvents): () => void {
  const listeners = wanted.get(topic) ?? new Set();
  wanted.set(topic, listeners);
  listeners.add(tell as OnPicture);
  const entry = events && { topic, tell: events };
  if (entry) onEvents.add(entry);
  tellTopics();
  return () => {
    listeners.delete(tell as OnPicture);
    if (listeners.size === 0) wanted.delete(topic);
    if (entry) onEvents.delete(entry);
    tellTopics();
  };
}

/** The newest picture of a topic; null until there is one. */
export function useLive<T>(topic: string | null): T | null {
  const [picture, setPicture] = useState<{ topic: string; value: T } | null>(null);
  useEffect(() => (topic === null ? undefined : listen<T>(topic, (value) => setPicture({ topic, value }))), [topic]);
  return picture?.topic === topic ? picture.value : null;
}

/** What a path holds, until there is a picture of the topic, and then that. */
export function useNewest<T>(path: string, topic: string): Pick<Loaded<T>, "data" | "error"> {
  const loaded = useData<T>(path);
  const live = useLive<T>(topic);
  return live ? { data: live, error: null } : loaded;
}

export function useStatus(): Status {
  const [now, setNow] = useState(status);
  useEffect(() => {
    onStatus.add(setNow);
    setNow(status);
    return () => void onStatus.delete(setNow);
  }, []);
  return now;
}
