import { Hub, type Listener, type ToHub } from "./hub";

const hub = new Hub();

(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = (event) => {
  const port = event.ports[0]!;
  const listener: Listener = { topics: new Set(), tell: (message) => port.postMessage(message) };
  hub.add(listener);
  port.onmessage = (said: MessageEvent<ToHub>) => {
    if (said.data.kind === "topics") hub.set(listener, said.data.topics);
    else hub.remove(listener);
  };
};
