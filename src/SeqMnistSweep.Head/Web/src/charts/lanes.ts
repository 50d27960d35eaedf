export interface Span {
  lane: string;
  name: string;
  attempt: number;
  kind: string;
  from: number;
  /** Null while it goes on. */
  to: number | null;
}

export interface Placed extends Span {
  row: number;
}

/** Trials of a worker that overlap lie in rows of their own: its slots. */
export function layOut(spans: Span[]): { rows: { lane: string; row: number }[]; placed: Placed[] } {
  const rows: { lane: string; row: number }[] = [];
  const placed: Placed[] = [];
  for (const lane of [...new Set(spans.map((span) => span.lane))].sort()) {
    const ends: { end: number; row: number }[] = [];
    for (const span of spans.filter((one) => one.lane === lane).sort((a, b) => a.from - b.from)) {
      let slot = ends.find((one) => one.end <= span.from);
      if (!slot) {
        slot = { end: 0, row: rows.length };
        rows.push({ lane, row: slot.row });
        ends.push(slot);
      }
      slot.end = span.to ?? Infinity;
      placed.push({ ...span, row: slot.row });
    }
  }
  return { rows, placed };
}
