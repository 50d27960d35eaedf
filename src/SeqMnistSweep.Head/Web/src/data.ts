import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, type Refusal, type SpaceAnswer, type WorkerInfo } from "./api";

export interface Loaded<T> {
  data: T | null;
  error: Refusal | null;
  loading: boolean;
}

export const isThere = (worker: WorkerInfo) => worker.state !== "gone" && worker.state !== "lost";

/** Reads a path, and again when it or the version changes; what was read stays until there is something newer. */
export function useData<T>(path: string | null, version: unknown = 0): Loaded<T> {
  const [state, setState] = useState<Loaded<T> & { path: string | null }>({ data: null, error: null, loading: path !== null, path });
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    setState((old) => ({ data: old.path === path ? old.data : null, error: null, loading: true, path }));
    get<T>(path, abort.signal).then(
      (data) => setState({ data, error: null, loading: false, path }),
      (error) => {
        if ((error as Error).name !== "AbortError") setState((old) => ({ ...old, error: error as Refusal, loading: false }));
      },
    );
    return () => abort.abort();
  }, [path, version]);
  return state.path === path ? state : { data: null, error: null, loading: path !== null };
}

/** A version that follows another one, but at most so often. */
export function usePaced<T>(value: T, milliseconds: number): T {
  const [paced, setPaced] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + milliseconds - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setPaced(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return paced;
}

/** The parameters that a sweep searches over; none before they are known. */
export function useSearched(sweep: string): string[] {
  const space = useData<SpaceAnswer>(`sweeps/${sweep}/space`);
  return useMemo(() => space.data?.parameters.filter((one) => one.varies).map((one) => one.name) ?? [], [space.data]);
}
