import { useEffect, useState } from "preact/hooks";
import type { Look } from "./picture";

// Charts are drawn, so they take the page's colours when they are, and again when those change.

export const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || "#888";

/** Okabe and Ito's, which people with any colour vision tell apart; the darker and lighter of each for the two themes. */
const onLight = ["#0072b2", "#b84d00", "#007a5a", "#a8527f", "#7a6200", "#1f78a0", "#c0392b", "#444444"];
const onDark = ["#56b4e9", "#e69f00", "#2fc49a", "#e18fbb", "#f0e442", "#8ecdf2", "#ff7f6b", "#cccccc"];

const system = matchMedia("(prefers-color-scheme: dark)");
const isDarkNow = () => {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : system.matches;
};
/** Asked for every mark that is drawn. */
let dark = isDarkNow();

export const seriesColour = (index: number) => (dark ? onDark : onLight)[index % onLight.length]!;

const stops = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];

/** Viridis, 0 to 1; its ends are cut so that they stand out from either background. */
export function viridis(share: number): string {
  const clamped = Math.min(1, Math.max(0, share));
  const at = (dark ? 0.22 + 0.78 * clamped : 0.86 * clamped) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const [a, b] = [stops[i]!, stops[i + 1]!];
  return `rgb(${a.map((from, channel) => Math.round(from + (b[channel]! - from) * (at - i))).join(",")})`;
}

/** The colours as they are now. A style may name a colour by others; what the page makes of it is asked of a probe. */
export function lookNow(): Look {
  const probe = document.createElement("i");
  document.body.append(probe);
  const known = new Map<string, string>();
  const resolved = (name: string) => {
    probe.style.color = `var(--${name}, var(--dim))`;
    return getComputedStyle(probe).color;
  };
  const names = ["text", "dim", "line", "surface", "raised", "accent", ...states.map((state) => `state-${state}`)];
  for (const name of names) known.set(name, resolved(name));
  probe.remove();
  const of = (name: string) => known.get(name) ?? known.get("dim")!;
  return {
    text: of("text"),
    dim: of("dim"),
    line: of("line"),
    surface: of("surface"),
    raised: of("raised"),
    accent: of("accent"),
    series: seriesColour,
    rank: viridis,
    state: (name) => of(`state-${name}`),
  };
}

const states = ["completed", "pruned", "failed", "cancelled", "running", "leased", "paused", "queued"];

const changed = new EventTarget();
function change(): void {
  dark = isDarkNow();
  changed.dispatchEvent(new Event("change"));
}

system.addEventListener("change", change);

/** What the user chose, or the system's. */
function show(theme: string | null): void {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  change();
}

export function setTheme(theme: string): void {
  if (theme === "system") localStorage.removeItem("theme");
  else localStorage.setItem("theme", theme);
  show(localStorage.getItem("theme"));
}

// Paper is white.
addEventListener("beforeprint", () => show("light"));
addEventListener("afterprint", () => show(localStorage.getItem("theme")));

/** Grows with every change of the colours; what draws by it does so in a layout effect, for paper does not wait. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const grow = () => setVersion((old) => old + 1);
    changed.addEventListener("change", grow);
    return () => changed.removeEventListener("change", grow);
  }, []);
  return version;
}
