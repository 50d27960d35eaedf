import { useEffect, useRef, useState } from "preact/hooks";
import { duration, many } from "../format";
import { State } from "../parts/basics";
import { go } from "../route";
import { prepare, useWidth } from "./canvas";
import { layOut, type Placed, type Span } from "./lanes";
import { colour, useThemeVersion } from "./theme";

const Row = 20;

export function Timeline({ spans, note }: { spans: Span[]; note: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const [asTable, setAsTable] = useState(false);
  const width = useWidth(place, asTable);
  const [under, setUnder] = useState<Placed | null>(null);
  const theme = useThemeVersion();
  const { rows, placed } = layOut(spans);
  const now = Date.now();
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to ?? now));
  const left = 110;
  const x = (at: number) => left + ((width - left - 8) * (at - from)) / Math.max(1, to - from);
  const busy = spans.reduce((sum, span) => sum + ((span.to ?? now) - span.from), 0);
  const share = rows.length ? (100 * busy) / (rows.length * Math.max(1, to - from)) : 0;
  const summary = `${note} of ${many(new Set(spans.map((span) => span.lane)).size, "worker")} over ${duration((to - from) / 1000)}; their slots were busy ${share.toFixed(0)} % of that time.`;

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    const draw = prepare(element, width, rows.length * Row + 22);
    draw.font = "11px system-ui, sans-serif";
    draw.textBaseline = "middle";
    rows.forEach(({ lane, row }, i) => {
      draw.fillStyle = colour("line");
      draw.fillRect(left, row * Row + Row - 1, width - left - 8, 1);
      if (i === 0 || rows[i - 1]!.lane !== lane) {
        draw.fillStyle = colour("text");
        draw.fillText(lane.length > 16 ? `${lane.slice(0, 15)}…` : lane, 0, row * Row + Row / 2, left - 6);
      }
    });
    for (const span of placed) {
      draw.fillStyle = colour(`state-${span.kind}`);
      const start = x(span.from);
      draw.fillRect(start, span.row * Row + 3, Math.max(1.5, x(span.to ?? now) - start - 0.5), Row - 7);
    }
    draw.fillStyle = colour("dim");
    draw.fillText(new Date(from).toLocaleString(), left, rows.length * Row + 12);
    const end = new Date(to).toLocaleString();
    draw.fillText(end, width - 8 - draw.measureText(end).width, rows.length * Row + 12);
  }, [spans, width, theme, asTable]);

  const find = (event: MouseEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    const [px, row] = [event.clientX - box.left, Math.floor((event.clientY - box.top) / Row)];
    return placed.find((span) => span.row === row && px >= x(span.from) - 1 && px <= Math.max(x(span.to ?? now), x(span.from) + 2)) ?? null;
  };
  return (
    <figure class="plot">
      <figcaption>
        <span>
          {under ? (
            <>
              {under.name} <State of={under.kind} /> {duration(((under.to ?? now) - under.from) / 1000)}
            </>
          ) : (
            <span class="dim">gaps are idle time; point at a trial for its name</span>
          )}
        </span>
        <button type="button" class="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? "as picture" : "as table"}
        </button>
      </figcaption>
      {asTable ? (
        <div class="scroll tall" tabIndex={0} role="region" aria-label="who ran what">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">worker</th>
                <th scope="col">trial</th>
                <th scope="col">state</th>
                <th scope="col">from</th>
                <th scope="col" class="num">
                  took
                </th>
              </tr>
            </thead>
            <tbody>
              {placed.slice(-500).map((span) => (
                <tr key={`${span.name}${span.from}`}>
                  <td>{span.lane}</td>
                  <td>
                    <a href={`/t/${span.name}`}>{span.name}</a>
                  </td>
                  <td>
                    <State of={span.kind} />
                  </td>
                  <td>{new Date(span.from).toLocaleString()}</td>
                  <td class="num">{duration(((span.to ?? now) - span.from) / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <div ref={place}>
          <canvas
            ref={canvas}
            class="full"
            role="img"
            aria-label={summary}
            onMouseMove={(event) => setUnder(find(event))}
            onMouseLeave={() => setUnder(null)}
            onClick={(event) => {
              const span = find(event);
              if (span) go(`/t/${span.name}`);
            }}
          />
        </div>
      )}
      <p class="summary">{summary}</p>
    </figure>
  );
}
