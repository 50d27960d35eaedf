import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Refusal } from "../api";
import { clock, valueText } from "../format";
import { Later } from "./later";

const marks: Record<string, string> = {
  queued: "○",
  leased: "◔",
  running: "●",
  paused: "‖",
  stopping: "◒",
  completed: "✓",
  stopped: "■",
  pruned: "✂",
  failed: "✕",
  cancelled: "⊘",
  ready: "●",
  draining: "◒",
  drained: "‖",
  faulty: "✕",
  gone: "○",
  lost: "✕",
};

/** A state by a mark and a word; the colour only helps. */
export const State = ({ of, cause }: { of: string; cause?: string | null }) => (
  <span class={`state ${of}`}>
    <span aria-hidden="true">{marks[of] ?? "•"}</span> {of}
    {cause ? <span class="dim"> {cause.replaceAll("_", " ")}</span> : null}
  </span>
);

export const Time = ({ at }: { at: string | null | undefined }) =>
  at ? (
    <time dateTime={at} title={at.replace("T", " ").replace("Z", " UTC")}>
      {clock(at)}
    </time>
  ) : (
    <span class="dim">–</span>
  );

export const Wait = ({ for: what }: { for: string }) => (
  <p class="wait" role="status">
    {what}
  </p>
);

export const Trouble = ({ error }: { error: Refusal }) => (
  <p class="trouble" role="alert">
    <strong>{error.message}</strong>
    {error.hint ? <span> {error.hint}</span> : null}
  </p>
);

/** A page that has nothing to show, and the way to one that has. */
export const Nothing = ({ title, to = "/", children = "All sweeps" }: { title: string; to?: string; children?: ComponentChildren }) => (
  <>
    <div class="title">
      <h1>{title}</h1>
    </div>
    <Empty>
      <a href={to}>{children}</a>
    </Empty>
  </>
);

/** What is loading, what went wrong, or the thing itself. */
export function Ready<T>({
  of,
  what,
  without,
  children,
}: {
  of: { data: T | null; error: Refusal | null };
  what: string;
  /** In its place where it cannot be read. */
  without?: ComponentChildren;
  children: (data: T) => ComponentChildren;
}) {
  return (
    <>
      {of.error ? <Trouble error={of.error} /> : null}
      {of.data !== null ? children(of.data) : of.error ? without : <Wait for={`Reading ${what} …`} />}
    </>
  );
}

export const Panel = ({
  title,
  children,
  side,
  id,
  later,
}: {
  title: string;
  children: ComponentChildren;
  side?: ComponentChildren;
  id?: string;
  /** Made when it is near the screen, or when there is time. */
  later?: boolean;
}) => (
  <section class="panel" aria-labelledby={id ?? slug(title)}>
    <header>
      <h2 id={id ?? slug(title)}>{title}</h2>
      {side ? <div class="side">{side}</div> : null}
    </header>
    {later ? <Later>{children}</Later> : children}
  </section>
);

const slug = (title: string) => `p-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;

/** For `ref`: sets styles that are known only now, which the page's policy forbids in attributes. */
export const styled = (style: Partial<CSSStyleDeclaration>) => (element: HTMLElement | null) => {
  if (element) Object.assign(element.style, style);
};

export function Bar({ done, of, label }: { done: number; of: number; label: string }) {
  const share = of > 0 ? Math.min(1, done / of) : 0;
  return (
    <span class="bar" role="img" aria-label={label} title={label}>
      <i ref={styled({ width: `${100 * share}%` })} />
    </span>
  );
}

export const Params = ({ of, only }: { of: Record<string, unknown>; only?: string[] }) => (
  <span class="params">
    {Object.entries(of)
      .filter(([name]) => !only || only.includes(name))
      .map(([name, value]) => (
        <span key={name}>
          <b>{name}</b>
          {valueText(value, 4)}
        </span>
      ))}
  </span>
);

export function Copy({ text, children }: { text: () => string; children: ComponentChildren }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid("copied");
    } catch {
      setSaid("the browser does not allow it");
    }
    setTimeout(() => setSaid(""), 2000);
  };
  return (
    <button type="button" onClick={copy}>
      {children}
      <span class="said" role="status">
        {said ? ` – ${said}` : ""}
      </span>
    </button>
  );
}

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;
