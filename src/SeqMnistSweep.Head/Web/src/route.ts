import { useEffect, useState } from "preact/hooks";

// The address is the page's whole state: what is shown, filtered, sorted and selected. A link to it shows the same to somebody else.

const changed = new EventTarget();

export interface Place {
  path: string[];
  get(name: string): string | null;
  search: URLSearchParams;
}

export const here = (): Place => {
  const search = new URLSearchParams(location.search);
  return { path: location.pathname.split("/").filter(Boolean).map(decodeURIComponent), get: (name) => search.get(name), search };
};

export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  changed.dispatchEvent(new Event("place"));
  if (!replace) window.scrollTo(0, 0);
}

/** Changes parameters of the address; null takes one out. */
export function put(values: Record<string, string | null>): void {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === "") search.delete(name);
    else search.set(name, value);
  }
  go(`${location.pathname}${search.size ? `?${search}` : ""}`, true);
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
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest("a");
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
