import { useEffect, useState } from "preact/hooks";
import { isReport } from "./report/report";

// The address is the page's whole state: what is shown, filtered, sorted and selected. A link to it shows the same to somebody else.

const changed = new EventTarget();

export interface Place {
  path: string[];
  get(name: string): string | null;
  search: URLSearchParams;
}

/** Where the page is. A report is one file, whose address may change behind the # alone. */
const address = () => (isReport ? new URL(location.hash.slice(1) || "/", "http://report") : location);

export const here = (): Place => {
  const { pathname, search: text } = address();
  const search = new URLSearchParams(text);
  return { path: pathname.split("/").filter(Boolean).map(decodeURIComponent), get: (name) => search.get(name), search };
};

export function go(to: string, replace = false): void {
  const { pathname, search } = address();
  if (to === pathname + search) return;
  history[replace ? "replaceState" : "pushState"](null, "", isReport ? `#${to}` : to);
  changed.dispatchEvent(new Event("place"));
  if (!replace) window.scrollTo(0, 0);
}

/** Changes parameters of the address; null takes one out. */
export function put(values: Record<string, string | null>): void {
  const { pathname, search: text } = address();
  const search = new URLSearchParams(text);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === "") search.delete(name);
    else search.set(name, value);
  }
  go(`${pathname}${search.size ? `?${search}` : ""}`, true);
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const update = () => setPlace(here());
    window.addEventListener("popstate", update);
    changed.addEventListener("place", update);
    return () => {
      window.removeEventListener("popstate", update);
      changed.removeEventListener("place", update);
    };
  }, []);
  return place;
}

/** Links inside the dashboard change the page without loading it again. */
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    const link = (event.target as Element).closest("a");
    const path = link?.getAttribute("href") ?? "";
    if (isReport && path.startsWith("/")) {
      event.preventDefault();
      return go(path);
    }
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (
      !link ||
      link.target ||
      link.download ||
      link.origin !== location.origin ||
      link.pathname.startsWith("/api/") ||
      link.pathname === "/metrics"
    )
      return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

/** The selected trials, shared by all views of a sweep. */
export const selected = (place: Place): number[] =>
  (place.get("sel") ?? "")
    .split(",")
    .filter((text) => /^\d+$/.test(text))
    .map(Number);

export const select = (numbers: number[]) => put({ sel: [...new Set(numbers)].sort((a, b) => a - b).join(",") || null });

export const toggled = <T>(list: T[], one: T): T[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);
