// One stream of the head for all pages of this browser: keeps the union of what they look at, and passes on what each asked for.

export interface Listener {
  topics: Set<string>;
  tell(message: FromHub): void;
}

export type FromHub =
  | { kind: "picture"; topic: string; picture: unknown }
  | { kind: "events"; events: { sweep: string; trial: string | null; event: number }[] }
  | { kind: "status"; status: Status };

export type ToHub = { kind: "topics"; topics: string[] } | { kind: "bye" };

export type Status = "connecting" | "live" | "lost";

const RetryAfter = 2000;

export class Hub {
  private readonly listeners = new Set<Listener>();
  private readonly pictures = new Map<string, unknown>();
  private source: EventSource | null = null;
  private open = "";
  private last: string | null = null;
  private status: Status = "connecting";
  private planned = 0;

  add(listener: Listener): void {
    this.listeners.add(listener);
    listener.tell({ kind: "status", status: this.status });
  }

  remove(listener: Listener): void {
    this.listeners.delete(listener);
    this.plan();
  }

  /** What the stream has said of a topic already is passed on at once. */
  set(listener: Listener, topics: string[]): void {
    const before = listener.topics;
    listener.topics = new Set(topics);
    for (const topic of topics) {
      if (!before.has(topic) && this.pictures.has(topic)) listener.tell({ kind: "picture", topic, picture: this.pictures.get(topic) });
    }
    this.plan();
  }

  private plan(): void {
    clearTimeout(this.planned);
    this.planned = setTimeout(() => this.connect(), 30) as unknown as number;
  }

  private connect(): void {
    const topics = [...new Set([...this.listeners].flatMap((listener) => [...listener.topics]))].sort();
    const wanted = topics.join(",");
    if (wanted === this.open && this.source && this.source.readyState !== EventSource.CLOSED) return;
    this.source?.close();
    this.source = null;
    this.open = wanted;
    for (const topic of this.pictures.keys()) if (!topics.includes(topic)) this.pictures.delete(topic);
    if (topics.length === 0) return;
    const after = this.last === null ? "" : `&after=${this.last}`;
    const source = new EventSource(`/api/v1/live?topics=${encodeURIComponent(wanted)}${after}`);
    this.source = source;
    source.onopen = () => this.tellStatus("live");
    source.onerror = () => {
      this.tellStatus("lost");
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.plan(), RetryAfter);
    };
    source.addEventListener("ping", (message) => this.seen(message as MessageEvent));
    source.addEventListener("update", (message) => this.update(message as MessageEvent));
  }

  private seen(message: MessageEvent): void {
    if (message.lastEventId) this.last = message.lastEventId;
  }

  private update(message: MessageEvent): void {
    this.seen(message);
    const update = JSON.parse(message.data as string) as {
      topics: Record<string, unknown>;
      events: { sweep: string; trial: string | null; event: number }[];
    };
    for (const [topic, picture] of Object.entries(update.topics)) {
      this.pictures.set(topic, picture);
      for (const listener of this.listeners) if (listener.topics.has(topic)) listener.tell({ kind: "picture", topic, picture });
    }
    if (update.events.length === 0) return;
    for (const listener of this.listeners) {
      const events = update.events.filter(
        (event) => listener.topics.has(`sweep:${event.sweep}`) || listener.topics.has(`trial:${event.trial}`),
      );
      if (events.length > 0) listener.tell({ kind: "events", events });
    }
  }

  private tellStatus(status: Status): void {
    if (this.status === status) return;
    this.status = status;
    for (const listener of this.listeners) listener.tell({ kind: "status", status });
  }
}
